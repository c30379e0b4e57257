import { type WindowFault, windowFault } from '../../shared/contract/fault.ts';

/** Faults that are kept while there is no line to the core; the first ones tell most. */
const KEPT = 20;

type Send = (fault: WindowFault) => Promise<unknown>;
let send: Send | null = null;
const waiting: WindowFault[] = [];

/** Tells the core's log of something that nobody expected; `where` is what was being shown or done: "timeline". */
export function reportFault(error: unknown, where: string): void {
  if (waiting.length < KEPT) waiting.push(windowFault(error, where));
  deliver();
}

/** From now on faults go this way; null: they wait. */
export function deliverFaults(by: Send | null): void {
  send = by;
  deliver();
}

function deliver(): void {
  if (!send) return;
  // A fault that cannot be told must not become another one.
  for (const fault of waiting.splice(0)) send(fault).catch(() => undefined);
}

/** Reports what no part of the window caught. */
export function watchForFaults(): void {
  window.addEventListener('error', ({ error }: ErrorEvent) => {
    // Without an error it is a notice of the browser's own: that a layout took two rounds, for instance.
    if (error !== null && error !== undefined) reportFault(error, 'window');
  });
  window.addEventListener('unhandledrejection', ({ reason }) => reportFault(reason, 'unhandled rejection'));
}

/** All that is known of a fault, to be copied for whoever can mend it. */
export function faultReport(error: unknown, where: string): string {
  const { message, stack } = windowFault(error, where);
  return [`Likeness, ${where}`, message, stack, navigator.userAgent].filter((line) => line !== '').join('\n');
}
