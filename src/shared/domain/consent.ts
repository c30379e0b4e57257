/** On what basis a person may be shown, and what whoever states it says by it. */
export const CONSENT_MEANINGS = {
  self: 'It is you, and you agree that an avatar of you says what you never said.',
  permission: 'The person agreed to an avatar of them that says what it is given. Keep what shows it.',
  synthetic: 'Nobody real is seen: the person is drawn or generated, and not in the likeness of anybody.',
} as const;

/** The largest file that a consent keeps: a letter, or some minutes of a recording. */
export const LARGEST_ATTACHMENT = 512 * 2 ** 20; // bytes
/** The longest name that is kept of it. */
export const LONGEST_FILE_NAME = 255;

/** What a comparison of faces found, in words that claim no more than it does. */
export function inWords({ verdict, distance, faces, looked }: Compared): string {
  if (distance === null)
    return `A face was seen in ${faces} of ${looked} frames: too few to compare. Use a recording that shows it well.`;
  const found = `(distance ${distance.toFixed(2)}; one person's faces are usually below .45, two people's above .6)`;
  switch (verdict) {
    case 'same':
      return `The faces look like the same person ${found}.`;
    case 'other':
      return `The faces look like two different people ${found}.`;
    case 'unsure':
      return `It cannot be told whether the faces are of the same person ${found}.`;
  }
}

interface Compared {
  readonly verdict: 'same' | 'other' | 'unsure';
  readonly distance: number | null;
  readonly faces: number;
  readonly looked: number;
}
