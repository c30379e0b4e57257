import { z } from 'zod';
import { ERROR_NAMES, ERRORS } from '../format/index.ts';

/** The same codes in the trainer, the core, the command line and the window: `format/names.json` says what each is. */
export const ErrorCode = z.enum(ERROR_NAMES);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** What went wrong, what to do next, and the technical detail behind a disclosure. */
export const StudioErrorShape = z.object({
  code: ErrorCode,
  message: z.string(),
  hint: z.string(),
  detail: z.string().optional(),
});
export type StudioErrorShape = z.infer<typeof StudioErrorShape>;

/** Of technical detail: what a file brings with it may go on for megabytes, and it is logged, sent and shown. */
const MOST_DETAIL = 20_000;

export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly detail: string | undefined;

  constructor(shape: StudioErrorShape, options?: { cause?: unknown }) {
    super(shape.message, options);
    this.code = shape.code;
    this.hint = shape.hint;
    this.detail = shape.detail?.slice(0, MOST_DETAIL);
  }

  toJSON(): StudioErrorShape {
    return { code: this.code, message: this.message, hint: this.hint, ...(this.detail ? { detail: this.detail } : {}) };
  }
}

/** Exit codes of the trainer and of the command line: 0 done, 2 bad input, 3 cancelled, 4 environment, 1 a bug. */
export function exitCodeFor(code: ErrorCode): number {
  return ERRORS[code].exit;
}
