import { StudioError } from '../contract/errors.ts';
import { TRACKER } from '../format/index.ts';

/**
 * Whether an analysis was made by an earlier tracker than this program's, so that making it anew gives another one.
 * `tracker`: what the report says; 0 of analyses from before reports said it.
 */
export function isOlderAnalysis({ tracker }: { readonly tracker: number }): boolean {
  return tracker < TRACKER;
}

/** A track whose form this program does not read, and what to do about it. */
export function otherAnalysis(newer: boolean, cause?: Error): StudioError {
  return new StudioError(
    {
      code: 'bad-request',
      message: newer
        ? 'This video was analysed by a newer Likeness.'
        : 'This video was analysed by an older Likeness, whose analyses this one cannot read.',
      hint: newer ? 'Update Likeness, or analyse the video again.' : 'Analyse the video again.',
      detail: cause?.message,
    },
    { cause },
  );
}
