import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutate } from '../../src/main/studio/engine/mutations.fixture.ts';
import { ask, fault, numbersOf, type Tally, type Tries } from './tally.ts';

const ALL = 300;

/** Avatars that are wrong in one place, taken in: refused as bad ones, or used as any other. */
export async function countBundles(tally: Tally, tries: Tries): Promise<void> {
  const library = await mkdtemp(join(tmpdir(), 'likeness-counts-'));
  try {
    for (const seed of numbersOf(tries, ALL)) {
      const { what, path } = await mutate(seed, join(library, `${seed}.likeness`));
      await tally.try(`${seed} ${what}`, async () => {
        const came = await ask(library, ['bundle', 'import', path]);
        if (came.fault !== undefined || /^(done|bad-bundle)$/.test(came.word)) return came;
        return fault(came.word, JSON.stringify(came.answer?.json));
      });
      await rm(path);
    }
  } finally {
    await rm(library, { recursive: true, force: true, maxRetries: 5 });
  }
}
