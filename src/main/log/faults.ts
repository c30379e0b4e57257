import { openLogs } from './log.ts';

/** An error that was thrown where nobody catches it, or a promise that failed with nobody waiting for it. */
export type FaultKind = 'uncaughtException' | 'unhandledRejection';
/** What a host does after a fault has been logged. */
export type Reaction = (kind: FaultKind, error: unknown) => void;

let reaction: Reaction | undefined;

/** Faults that nobody catches go into the logs, and then to the host that asked for them last. */
export function catchFaults(react: Reaction): void {
  const first = reaction === undefined;
  reaction = react;
  if (!first) return;
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(kind, (error: unknown) => {
      for (const log of openLogs()) log.fault(kind, error);
      reaction!(kind, error);
    });
}
