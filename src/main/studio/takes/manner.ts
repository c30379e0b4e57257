import { StudioError } from '../../../shared/contract/index.ts';
import { heededLanes, type LaneName, type Lanes, valueAt } from '../../../shared/domain/lanes/index.ts';
import type { PoseSource, Speech } from '../../../shared/domain/take.ts';
import { type AvatarDescription, LATENT_SECONDS, MouthScaling, StyleLeaning, type Variation } from '../engine/index.ts';

/** How an avatar says things in a take: what is made of the spoken rows, and of each frame's whole face. */
export interface Manner {
  /** Of spoken expressions [T,64], each row said at a moment of the timeline; the same array when nothing changes. */
  readonly mouth: (spoken: Float32Array, momentOf: (row: number) => number) => Float32Array;
  /** Of an expression [64] at a moment. */
  readonly style?: (expression: Float32Array, seconds: number) => Float32Array;
}

/** Raises StudioError('bad-request') for a style that this person does not have. */
export function mannerOf(
  { rig, styles }: Pick<AvatarDescription, 'rig' | 'styles'>,
  speech: Speech,
  lanes: Lanes = {},
): Manner {
  const keyed = heededLanes(lanes);
  const strength = keyed['speech.strength']?.keys;
  const mouth: Manner['mouth'] = (spoken, momentOf) =>
    new MouthScaling(rig, strength ? (row) => valueAt(strength, momentOf(row))! : speech.strength).of(spoken);
  const amounts = styleAmounts(speech, keyed, styles.length);
  if (amounts.length === 0) return { mouth };
  const leaning = new StyleLeaning(
    rig,
    amounts.map(({ entry }) => styles[entry - 1]!),
  );
  return {
    mouth,
    style: (expression, seconds) =>
      leaning.of(
        expression,
        amounts.map(({ at }) => at(seconds)),
      ),
  };
}

/** How much of which styles there is at a moment; of those that there ever is any of. */
interface StyleAmount {
  readonly entry: number;
  readonly at: (seconds: number) => number;
}

function styleAmounts({ style }: Speech, keyed: Lanes, count: number): StyleAmount[] {
  const found: StyleAmount[] = [];
  if (style) {
    const keys = keyed['speech.style']?.keys;
    if (style.entry > count) throw noStyle(style.entry, count);
    if (keys || style.amount > 0)
      found.push({ entry: style.entry, at: keys ? (seconds) => valueAt(keys, seconds)! : () => style.amount });
  }
  for (const [name, lane] of Object.entries(keyed) as [LaneName, NonNullable<Lanes[LaneName]>][]) {
    if (!name.startsWith('style.')) continue;
    const entry = Number(name.slice('style.'.length));
    if (entry > count) throw noStyle(entry, count);
    found.push({ entry, at: (seconds) => valueAt(lane.keys, seconds)! });
  }
  return found;
}

function noStyle(entry: number, count: number): StudioError {
  if (count === 0)
    return new StudioError({
      code: 'bad-request',
      message: 'This person holds their face alike all through the video: there is no style to lean towards.',
      hint: 'Go back to the usual face.',
    });
  const those = count === 1 ? 'number 1' : `one from 1 to ${count}`;
  return new StudioError({
    code: 'bad-request',
    message: `Style ${entry} is not among this person's.`,
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
  speech: Pick<Speech, 'temperature'>,
  pose?: PoseSource,
  lanes: Lanes = {},
): Variation | undefined {
  if (!isVaried(speech, lanes)) return undefined;
  const temperature = temperatures(lanes) ?? speech.temperature;
  if (varies) return { temperature, seed: seedOf(pose) };
  throw new StudioError({
    code: 'bad-request',
    message: 'This avatar has not learnt how else its person might say things.',
    hint: 'Set the temperature to 0, or train the avatar again from a video with the person’s own voice.',
  });
}

/** Whether a take's mouth is ever another than the likely one. */
export function isVaried({ temperature }: Pick<Speech, 'temperature'>, lanes: Lanes): boolean {
  return temperatures(lanes)?.some((value) => value > 0) ?? (!laneOfTemperature(lanes) && temperature > 0);
}

/** Of what is drawn by lot in a take. */
export function seedOf(pose: PoseSource | undefined): number {
  return pose?.kind === 'natural' ? pose.seed : USUAL_SEED;
}

/** One for each latent, up to the last keyframe; undefined where none is keyed. */
function temperatures(lanes: Lanes): readonly number[] | undefined {
  const keys = laneOfTemperature(lanes)?.keys;
  if (!keys) return undefined;
  const count = Math.ceil(keys.at(-1)!.at / LATENT_SECONDS) + 1;
  return Array.from({ length: count }, (_, latent) => valueAt(keys, latent * LATENT_SECONDS)!);
}

function laneOfTemperature(lanes: Lanes): Lanes[LaneName] {
  return heededLanes(lanes)['speech.temperature'];
}
