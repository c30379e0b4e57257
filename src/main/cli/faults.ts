import { catchFaults } from '../log/index.ts';
import { explain, note, type Terminal } from './terminal.ts';

/** A command that met a fault of ours says so in plain words and ends: what it has done so far cannot be relied on. */
export function endAfterFaults(terminal: Terminal): void {
  catchFaults((_, error) => process.exit(explain(terminal, error)));
}

/**
 * A window that is served outlives a promise that failed unheard: other windows and jobs know nothing of it. After an
 * exception the program ends, as any does: its jobs can be resumed.
 */
export function goOnAfterRejections(terminal: Terminal, log: string): void {
  catchFaults((kind, error) => {
    if (kind === 'uncaughtException') process.exit(explain(terminal, error));
    note(terminal, `Something in Likeness itself went wrong. It is written down in ${log}.`);
  });
}
