/** The log of a library: what every host, the core and the windows did, and what went wrong. */
export { Log } from './log.ts';
export { catchFaults, type FaultKind } from './faults.ts';
