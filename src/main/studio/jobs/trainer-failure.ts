import { StudioError } from '../../../shared/contract/index.ts';

/** How the trainer's process ended. */
export type TrainerExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string };

/** What to tell when the trainer ended without saying why. `log` is the end of its standard error. */
export function trainerFailure(exit: TrainerExit, log: string): StudioError {
  const detail = log.trim().slice(-2000);
  switch (exit.kind) {
    case 'not-started':
      return notSetUp(exit.reason);
    case 'killed':
      return new StudioError({
        code: 'interrupted',
        message: 'The trainer was ended from outside, often because the computer ran out of memory.',
        hint: 'Close other programs and resume the job; it goes on from its last checkpoint.',
        detail: `${exit.signal}\n${detail}`.trim(),
      });
    case 'exited':
      return failureOf(exit.code, detail);
  }
}

/** The trainer's exit codes: 2 bad input, 3 cancelled, 4 environment, 1 a bug. */
function failureOf(code: number, detail: string): StudioError {
  if (/No module named/.test(detail)) return notSetUp(detail);
  switch (code) {
    case 2:
      return new StudioError({
        code: 'bad-request',
        message: 'The trainer could not use what it was given.',
        hint: "Open the job's log; if it makes no sense, send a debug report.",
        detail,
      });
    case 3:
      return new StudioError({
        code: 'cancelled',
        message: 'The job was stopped.',
        hint: 'Resume it to go on from its last checkpoint.',
        detail,
      });
    case 4:
      return new StudioError({
        code: 'missing-tool',
        message: 'The trainer lacks something on this computer.',
        hint: 'Run "likeness doctor".',
        detail,
      });
    case 0:
      return new StudioError({
        code: 'internal',
        message: 'The trainer ended without a result.',
        hint: 'Try again; if it happens again, send a debug report.',
        detail,
      });
    default:
      return new StudioError({
        code: 'internal',
        message: 'Something went wrong inside the trainer.',
        hint: 'Try again; if it happens again, send a debug report.',
        detail,
      });
  }
}

function notSetUp(detail: string): StudioError {
  return new StudioError({
    code: 'missing-tool',
    message: "The trainer's Python environment is not set up.",
    hint: 'Set it up in the settings of the window, or run "npm start" once.',
    detail,
  });
}
