import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutate } from '../../src/main/studio/engine/mutations.fixture.ts';
import { openStudio } from '../../src/main/studio/studio.ts';
import { fault, got, numbersOf, type Tally, type Tries } from './tally.ts';

const ALL = 300;

/** Avatars that are wrong in one place, taken in: refused as bad ones, or used as any other. */
export async function countBundles(tally: Tally, tries: Tries): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-counts-'));
  const studio = openStudio({ libraryDir: join(folder, 'library') });
  try {
    for (const seed of numbersOf(tries, ALL)) {
      const { what, path } = await mutate(seed, join(folder, `${seed}.likeness`));
      await tally.try(`${seed} ${what}`, async () => {
        const came = await got(() => studio.avatars.importBundle(path));
        return came.fault !== undefined || /^(done|bad-bundle)$/.test(came.word) ? came : fault(came.word, what);
      });
      await rm(path);
    }
  } finally {
    await studio.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
