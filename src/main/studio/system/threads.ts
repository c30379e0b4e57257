import { availableParallelism } from 'node:os';

/** Threads of a job: what the settings say, else all there are; the protocol allows 64. */
export function threadsFor(setting: number | null): number {
  return Math.min(64, setting ?? availableParallelism());
}
