import { StudioError } from '../contract/errors.ts';
import type { AnalysisReport } from '../contract/results.ts';
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

/** How many frames are what: "129 good, 20 without a face, 1 of another person"; together they are all there are. */
export function countsOf({ states }: Pick<AnalysisReport, 'states'>): string {
  const { good, missing, occluded, blurred, other } = states;
  const counted = [
    [missing, 'without a face'],
    [blurred, 'blurred'],
    [occluded, 'covered'],
    [other, 'of another person'],
  ] as const;
  return [`${good} good`, ...counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)].join(
    ', ',
  );
}
