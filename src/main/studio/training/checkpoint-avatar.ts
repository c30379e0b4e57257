/**
 * The newest training before its end: its last checkpoint, and the avatar that was made of one to be looked at
 * meanwhile.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, type Draws, StudioError } from '../../../shared/contract/index.ts';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { readManifest } from '../engine/index.ts';
import type { Library, Project, Run } from '../library/index.ts';

/** A manifest keeps whole milliseconds of a file's time. */
const ROUNDING_MS = 1.5;

/**
 * Null when there is nothing to look at before the end: no training, no checkpoint yet, or the avatar that came of it
 * is there.
 */
export async function checkpointOf(
  library: Library,
  project: Pick<Project, 'id'>,
): Promise<ProjectDetail['checkpoint']> {
  const run = library.runs.list(project.id)[0];
  if (run?.finishedAt != null) return null; // whatever the files' times say: a copied library has new ones
  const saved = run && (await modified(library.paths.checkpoint(project.id, run.number)));
  const finished = await modified(library.paths.avatar(project.id));
  if (saved === undefined || (finished !== undefined && finished >= saved)) return null;
  const made = await checkpointIn(library.paths.checkpointAvatar(project.id, run!.number));
  // One that was kept from before the training went on is older than the avatar that it became.
  const shown = made && Date.parse(made.checkpoint.savedAt) > (finished ?? -Infinity) - ROUNDING_MS ? made : null;
  return {
    savedAt: new Date(saved).toISOString(),
    shown: shown?.checkpoint ?? null,
    draws: shown?.draws ?? null,
    newer: shown !== null && saved - Date.parse(shown.checkpoint.savedAt) > ROUNDING_MS,
  };
}

/**
 * The avatar that the live picture shows now: a checkpoint's as long as there is one, else the finished one, which may
 * not be there.
 */
export async function shownAvatar(library: Library, project: Pick<Project, 'id'>): Promise<string> {
  const checkpoint = await checkpointOf(library, project);
  return checkpoint?.shown
    ? library.paths.checkpointAvatar(project.id, library.runs.list(project.id)[0]!.number)
    : library.paths.avatar(project.id);
}

/** The run whose checkpoint can be shown. Raises StudioError('not-found'). */
export async function runToTry(library: Library, project: Project): Promise<Run> {
  const run = library.runs.list(project.id)[0];
  if (run && (await checkpointOf(library, project))) return run;
  if (!run)
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" has no training yet.`,
      hint: 'Train it; it can be seen while it trains.',
    });
  if (run.finishedAt !== null)
    throw new StudioError({
      code: 'not-found',
      message: 'This training is finished: the live picture shows its avatar.',
      hint: 'Keep training, or train again.',
    });
  throw new StudioError({
    code: 'not-found',
    message: 'This training has not saved a checkpoint yet.',
    hint: 'The first comes in its first minutes.',
  });
}

/** The avatar of the newest training's checkpoint goes; the live picture goes back to the finished one. */
export async function dropCheckpoint(library: Library, project: Project): Promise<void> {
  const run = library.runs.list(project.id)[0];
  if (!run) return;
  await rm(library.paths.checkpointAvatar(project.id, run.number), { force: true });
  // what earlier versions called it, and nothing shows any more
  await rm(join(library.paths.run(project.id, run.number), 'preview.likeness'), { force: true });
}

/** What was read before, by file: a manifest does not change without its file's time. */
const read = new Map<string, { readonly at: number; readonly made: Made | null }>();

interface Made {
  readonly checkpoint: Checkpoint;
  readonly draws: Draws;
}

/** Null for a file that is not there or cannot be read: the live picture, which checks it whole, says why. */
async function checkpointIn(path: string): Promise<Made | null> {
  const at = await modified(path);
  if (at === undefined) return null;
  const known = read.get(path);
  if (known?.at === at) return known.made;
  const made = await readManifest(path).then(
    ({ checkpoint, draws = 'std' }) => (checkpoint ? { checkpoint, draws } : null),
    () => null,
  );
  read.set(path, { at, made });
  return made;
}

async function modified(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}
