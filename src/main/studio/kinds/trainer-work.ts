import type { SourceStreams, TrainerJob } from '../../../shared/contract/index.ts';
import { PRODUCER } from '../ground/product.ts';
import { runTrainer } from '../jobs/index.ts';
import type { Library, Project } from '../library/index.ts';
import { requireTrainer } from '../set-up/index.ts';
import { threadsFor, trainerCommand } from '../system/environment.ts';
import type { Assignment } from './kind.ts';

type Without<Job, Keys extends PropertyKey> = Job extends unknown ? Omit<Job, Keys> : never;
/** What the trainer is told beside what every job tells it. */
export type Order = Without<TrainerJob, 'v' | 'producer' | 'ffmpeg' | 'ffprobe'>;

/** A project's video as the trainer is told of it. */
export function film(
  library: Library,
  project: Project,
): Pick<Extract<TrainerJob, { command: 'analyze' }>, 'source' | 'streams'> {
  return filmAt(library.sourcePath(project), project.source.streams);
}

/** Any video likewise; `chosen` among its streams. */
export function filmAt(
  source: string,
  chosen: SourceStreams | undefined,
): Pick<Extract<TrainerJob, { command: 'analyze' }>, 'source' | 'streams'> {
  if (!chosen) return { source, streams: undefined };
  return { source, streams: { picture: chosen.picture, sound: chosen.sound ?? undefined, opposite: chosen.opposite } };
}

/** Lets the trainer do it in a process of its own; answers its summary. `threads`: those of the settings by default. */
export async function train(
  { job, signal, report, setWorker, place }: Assignment<unknown>,
  order: Order,
): Promise<Record<string, unknown>> {
  const { ffmpeg, ffprobe } = await place.tools();
  requireTrainer(place.installation); // a set-up that it waited for may have failed
  const threads = threadsFor(place.library.settings.get().threads);
  return runTrainer(
    trainerCommand(place.installation),
    { v: 1, producer: PRODUCER, ffmpeg, ffprobe, threads, ...order },
    {
      logDir: place.library.paths.job(job.id),
      threads,
      signal,
      onStart: setWorker,
      onEvent: (event) => report({ type: 'trainer', event }),
    },
  );
}
