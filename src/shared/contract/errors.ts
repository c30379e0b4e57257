import { z } from 'zod';

/** The same codes in the trainer, the core, the command line and the window. */
export const ErrorCode = z.enum([
  'bad-request', // a message that does not fit its schema
  'not-found', // no such project, job or file
  'ambiguous', // a name that fits several projects
  'bad-video', // empty, not a video, damaged, a playlist, a codec we cannot read
  'bad-audio', // silent where speech is needed, damaged, not audio
  'no-audio', // the video has no sound where it is needed
  'no-face', // no face in the video
  'too-short', // not enough usable frames
  'bad-bundle', // a hash, shape or version does not fit
  'bad-checkpoint',
  'consent-required',
  'busy', // another job holds what this one needs
  'disk-full',
  'out-of-memory',
  'no-device', // CUDA asked for, none there
  'missing-tool', // Python, ffmpeg, the trainer's environment
  'interrupted', // the app or the machine went away
  'cancelled',
  'internal', // a bug
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** What went wrong, what to do next, and the technical detail behind a disclosure. */
export const StudioErrorShape = z.object({
  code: ErrorCode,
  message: z.string(),
  hint: z.string(),
  detail: z.string().optional(),
});
export type StudioErrorShape = z.infer<typeof StudioErrorShape>;

export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly detail: string | undefined;

  constructor(shape: StudioErrorShape, options?: { cause?: unknown }) {
    super(shape.message, options);
    this.code = shape.code;
    this.hint = shape.hint;
    this.detail = shape.detail;
  }

  toJSON(): StudioErrorShape {
    return { code: this.code, message: this.message, hint: this.hint, ...(this.detail ? { detail: this.detail } : {}) };
  }
}

/** Exit codes of the trainer and of the command line: 0 done, 2 bad input, 3 cancelled, 4 environment, 1 a bug. */
export function exitCodeFor(code: ErrorCode): 1 | 2 | 3 | 4 {
  switch (code) {
    case 'cancelled':
    case 'interrupted':
      return 3;
    case 'disk-full':
    case 'out-of-memory':
    case 'no-device':
    case 'missing-tool':
      return 4;
    case 'internal':
      return 1;
    default:
      return 2;
  }
}
