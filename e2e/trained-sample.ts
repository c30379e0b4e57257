import { createHash } from 'node:crypto';
import {
  constants,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneAtATime } from '../setup/one-at-a-time.mjs';
import { openStudio } from '../src/main/studio/studio.ts';
import { shortSample } from './short-sample.ts';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache');
/** The fewest steps there are: some rows of the log, and a checkpoint to go on from. */
const MINUTES = 0.5;

/**
 * A library of its own to work on, with one project, "Sample": a few seconds of the synthetic person, checked, trained,
 * its pictures made. Whichever test asks first has it trained; it is kept for each state of the trainer's code.
 */
export async function trainedSample(): Promise<{ library: string; project: string }> {
  const place = kept();
  await oneAtATime(
    join(cache, 'trained.lock'),
    async () => {
      if (!existsSync(place)) await train(place);
    },
    { onWait: () => undefined },
  );
  const library = mkdtempSync(join(tmpdir(), 'likeness-trained-'));
  cpSync(place, library, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const studio = openStudio({ libraryDir: library });
  const [project] = studio.projects.list();
  await studio.close();
  return { library, project: project!.id };
}

function kept(): string {
  const trainer = join(root, 'trainer');
  const hash = createHash('sha256');
  for (const name of globSync('likeness_trainer/**/*.py', { cwd: trainer }).toSorted())
    hash.update(readFileSync(join(trainer, name)));
  for (const name of globSync('format/*.json', { cwd: root }).toSorted()) hash.update(readFileSync(join(root, name)));
  return join(cache, `trained-${hash.digest('hex').slice(0, 12)}`);
}

async function train(place: string): Promise<void> {
  for (const name of readdirSync(cache))
    if (/^trained-|^training-/.test(name)) rmSync(join(cache, name), { recursive: true, force: true });
  const library = mkdtempSync(join(cache, 'training-'));
  const studio = openStudio({ libraryDir: library });
  try {
    const { projectId } = await studio.projects.importVideo({
      path: await shortSample(),
      name: 'Sample',
      consent: { basis: 'synthetic', note: '' },
    });
    await studio.training.analyze(projectId).result;
    await studio.training.train(projectId, { preset: 'draft', device: 'cpu', minutes: MINUTES }).result;
    studio.timeline.makePictures(projectId);
    while ((await studio.projects.get(projectId)).pictures === null) await sleep(50);
  } finally {
    await studio.close();
  }
  renameSync(library, place);
}
