import { begin } from './jobs/begun.ts';
import { findInstallation, trainerCommand } from './system/installation.ts';
import { threadsFor } from './system/threads.ts';

/** The trainer takes a second to load what these need, which this program and a library take too. */
const LOADED_AHEAD = ['analyze', 'train'];

/** Starts the trainer for a command line whose job it will most likely be asked for, before the studio is loaded. */
export function startAhead(words: readonly string[]): void {
  const job = words.find((word) => LOADED_AHEAD.includes(word));
  if (!job || words.includes('--help') || words.includes('-h')) return;
  try {
    begin(trainerCommand(findInstallation()), job, threadsFor(null));
  } catch {
    // The command says what is missing.
  }
}
