import type { SamePersonResult } from '../contract/consents.ts';

/** What a comparison of faces found, in words that claim no more than it does. */
export function comparisonInWords({ verdict, distance, faces, looked }: SamePersonResult): string {
  if (distance === null)
    return `A face was seen in ${faces} of ${looked} frames: too few to compare. Use a recording that shows it well.`;
  const found = `(distance ${distance.toFixed(2)}: below .45 it is taken for the same, from .6 on for another)`;
  switch (verdict) {
    case 'same':
      return `The faces look like the same person ${found}.`;
    case 'other':
      return `The faces look like two different people ${found}.`;
    case 'unsure':
      return `It cannot be told whether the faces are of the same person ${found}.`;
  }
}
