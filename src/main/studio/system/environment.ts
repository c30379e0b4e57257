import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Networks } from '../engine/index.ts';
import type { Library } from '../library/index.ts';
import { locateMediaTools, type MediaTools } from '../media/index.ts';
import type { Installation } from './installation.ts';
import { threadsFor } from './threads.ts';

export { findInstallation, type Installation, trainerCommand } from './installation.ts';
export { threadsFor } from './threads.ts';

/** Looks for ffmpeg once; a failure is not kept, so that installing it helps at once. */
export function mediaTools({ venv, tools }: Installation): () => Promise<MediaTools> {
  let found: MediaTools | undefined;
  return async () => (found ??= await locateMediaTools(venv, tools));
}

/** Names this start of the program. */
const RUN = randomUUID();

/** What avatars' networks may run on, and where it is remembered. */
export function networksOf({ settings, paths }: Pick<Library, 'settings' | 'paths'>): Networks {
  return { choice: settings.get().provider, memory: paths.providers, run: RUN };
}

/** How many threads draw live pictures: the window that shows them, and the sound, want a core of their own. */
export function liveThreadsFor(setting: number | null): number {
  return Math.max(1, Math.min(threadsFor(setting), availableParallelism() - 1));
}
