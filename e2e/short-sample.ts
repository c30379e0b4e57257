import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneAtATime } from '../setup/one-at-a-time.mjs';
import { openStudio } from '../src/main/studio/studio.ts';

const root = join(import.meta.dirname, '..');
export const SECONDS = 4;

/** Four seconds of the synthetic person; filmed once for each state of the code that draws it. */
export async function shortSample(): Promise<string> {
  const code = join(root, 'trainer', 'likeness_trainer', 'sample');
  const hash = createHash('sha256');
  for (const name of readdirSync(code)
    .filter((file) => file.endsWith('.py'))
    .toSorted())
    hash.update(readFileSync(join(code, name)));
  const file = join(root, '.cache', `sample-${SECONDS}s-${hash.digest('hex').slice(0, 12)}.mp4`);
  await oneAtATime(
    join(root, '.cache', 'sample.lock'),
    async () => {
      if (!existsSync(file) || !existsSync(truthOf(file))) await film(file);
    },
    { onWait: () => undefined },
  );
  return file;
}

/** What is true of such a film: a track without an error. */
export function truthOf(file: string): string {
  return file.replace(/\.mp4$/, '.truth.safetensors');
}

async function film(file: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'likeness-sample-'));
  try {
    mkdirSync(join(work, 'library'));
    const studio = openStudio({ libraryDir: join(work, 'library') });
    await studio.projects.drawSample({ outDir: join(work, 'sample'), seconds: SECONDS }).result;
    await studio.close();
    copyFileSync(join(work, 'sample', 'truth.safetensors'), truthOf(file));
    copyFileSync(join(work, 'sample', 'sample.mp4'), `${file}.partial`);
    renameSync(`${file}.partial`, file);
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}
