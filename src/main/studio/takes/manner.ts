import { StudioError } from '../../../shared/contract/index.ts';
import type { PoseSource, Speech } from '../../../shared/domain/take.ts';
import { type AvatarDescription, MouthScaling, StyleLeaning, type Variation } from '../engine/index.ts';

/** How an avatar says things in a take: what is made of the spoken rows, and of each frame's whole face. */
export interface Manner {
  /** Of spoken expressions [T,64]; the same array when nothing is to be changed. */
  readonly mouth: (spoken: Float32Array) => Float32Array;
  readonly style?: StyleLeaning;
}

/** Raises StudioError('bad-request') for a style that this person does not have. */
export function mannerOf(
  { rig, styles }: Pick<AvatarDescription, 'rig' | 'styles'>,
  { strength, style }: Speech,
): Manner {
  const mouth = (spoken: Float32Array): Float32Array => new MouthScaling(rig, strength).of(spoken);
  if (!style) return { mouth };
  const entry = styles[style.entry - 1];
  if (entry) return { mouth, ...(style.amount > 0 ? { style: new StyleLeaning(rig, entry, style.amount) } : {}) };
  if (styles.length === 0)
    throw new StudioError({
      code: 'bad-request',
      message: 'This person holds their face alike all through the video: there is no style to lean towards.',
      hint: 'Go back to the usual face.',
    });
  const those = styles.length === 1 ? 'number 1' : `one from 1 to ${styles.length}`;
  throw new StudioError({
    code: 'bad-request',
    message: `Style ${style.entry} is not among this person's.`,
    hint: `Choose ${those}, or go back to the usual face.`,
  });
}

/** Of a take whose movement has no seed of its own. */
const USUAL_SEED = 0;

/**
 * Which of the mouths that would go with its sound a take shows; none when it is the likely one. The same take has the
 * same mouth. Raises StudioError('bad-request') when the avatar knows no other.
 */
export function variationOf(
  { varies }: Pick<AvatarDescription, 'varies'>,
  { temperature }: Pick<Speech, 'temperature'>,
  pose?: PoseSource,
): Variation | undefined {
  if (temperature === 0) return undefined;
  if (varies) return { temperature, seed: pose?.kind === 'natural' ? pose.seed : USUAL_SEED };
  throw new StudioError({
    code: 'bad-request',
    message: 'This avatar has not learnt how else its person might say things.',
    hint: 'Set the temperature to 0, or train the avatar again from a video with the person’s own voice.',
  });
}
