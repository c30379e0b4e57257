import type { Studio } from '../studio/studio.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with while it runs. */
export interface Session {
  readonly studio: Studio;
  readonly terminal: Terminal;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Opens the library that the options name (or the one given, when they name none), does the work, closes it again. */
export type InSession = (work: (session: Session) => Promise<void>, libraryDir?: string) => Promise<void>;
