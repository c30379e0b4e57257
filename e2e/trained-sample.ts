import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio } from '../src/main/studio/studio.ts';
import { shortSample } from './short-sample.ts';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache');

/** Whatever state of the trainer's code a library was trained by. */
function kept(): string {
  const trainer = join(root, 'trainer');
  const hash = createHash('sha256');
  for (const name of globSync('likeness_trainer/**/*.py', { cwd: trainer }).toSorted())
    hash.update(readFileSync(join(trainer, name)));
  for (const name of globSync('format/*.json', { cwd: root }).toSorted()) hash.update(readFileSync(join(root, name)));
  return join(cache, `trained-${hash.digest('hex').slice(0, 12)}`);
}

/**
 * A library of its own to work on, with one project: a few seconds of the synthetic person, checked, trained, its
 * pictures made.
 */
export async function trainedSample(): Promise<{ library: string; project: string }> {
  if (!existsSync(kept())) await train();
  const library = mkdtempSync(join(tmpdir(), 'likeness-trained-'));
  cpSync(kept(), library, { recursive: true });
  const studio = openStudio({ libraryDir: library });
  const [project] = studio.projects.list();
  await studio.close();
  return { library, project: project!.id };
}

/** Keeps a copy of a library with one trained project, so that no other test has to train. Nobody may have it open. */
export async function keepTrained(library: string): Promise<void> {
  const place = kept();
  if (existsSync(place)) return;
  for (const name of existsSync(cache) ? readdirSync(cache) : [])
    if (name.startsWith('trained-')) rmSync(join(cache, name), { recursive: true, force: true });
  const partial = `${place}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  cpSync(library, partial, { recursive: true });
  const studio = openStudio({ libraryDir: partial });
  const { id } = studio.projects.list()[0]!;
  studio.timeline.makePictures(id);
  while ((await studio.projects.get(id)).pictures === null) await new Promise((resolve) => setTimeout(resolve, 50));
  await studio.close();
  renameSync(partial, place);
}

async function train(): Promise<void> {
  const library = mkdtempSync(join(tmpdir(), 'likeness-training-'));
  try {
    const studio = openStudio({ libraryDir: library });
    const { projectId } = await studio.projects.importVideo({
      path: await shortSample(),
      name: 'Sample',
      consent: { basis: 'synthetic', note: '' },
    });
    await studio.training.analyze(projectId).result;
    await studio.training.train(projectId, { preset: 'demo', device: 'cpu', minutes: 0.3 }).result;
    await studio.close();
    await keepTrained(library);
  } finally {
    rmSync(library, { recursive: true, force: true, maxRetries: 5 });
  }
}
