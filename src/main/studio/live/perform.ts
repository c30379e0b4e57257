import { StudioError } from '../../../shared/contract/index.ts';
import { heardClips } from '../../../shared/domain/loudness.ts';
import { EMPTY_TAKE, frameCount, type Take, takeSeconds } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import { apertures, type Avatar, type Variation } from '../engine/index.ts';
import {
  hear,
  type HeardSound,
  mannerOf,
  type Performance,
  performanceOf,
  type Said,
  variationOf,
} from '../takes/index.ts';
import { type EngineLease, remember } from './engines.ts';

/** What some clips say: all of it, mono at 16 kHz, -1..1, and where it is known that lips meet. */
export type Mix = (
  take: Pick<Take, 'clips'>,
  signal: AbortSignal,
) => Promise<Pick<HeardSound, 'samples'> & Required<Pick<HeardSound, 'closures'>>>;

/** A take as a line shows it. */
export interface LivePerformance {
  readonly frames: number;
  readonly aperture: Float32Array; // [frames] unit of the track's `aperture`
  readonly pitch: Float32Array; // [frames] Hz; NaN where it is unvoiced
  /** All it does by itself; while somebody else speaks (`hears`) nothing of it goes with what the take says. */
  own(hears: boolean): Performance;
}

/**
 * The sound, its features and its motion are held whole: 0.4 GB an hour. No picture of a moment behind it is drawn
 * either: natural motion is made from the beginning on.
 */
const LONGEST_SECONDS = 3600;

/** Whether live pictures go as far as this frame of the timeline. */
export function isShown({ manifest: { source } }: Pick<Avatar, 'manifest'>, frame: number): boolean {
  return frame <= LONGEST_SECONDS * source.fps;
}
const NOTHING: Said = {
  expression: new Float32Array(0),
  pitch: new Float32Array(0),
  accents: new Float32Array(0),
  begins: 0,
};

/** What an avatar does before it was told anything: the source's own motion, mouth closed. */
export function atRest(avatar: Avatar): LivePerformance {
  return performed(avatar, EMPTY_TAKE, NOTHING);
}

/** Works out a take. Raises StudioError('bad-request' | 'not-found' | 'bad-audio'), and the signal's reason. */
export async function perform(
  { avatar, spoken }: EngineLease,
  take: Take,
  mix: Mix,
  signal: AbortSignal,
): Promise<LivePerformance> {
  const clips = heardClips(take);
  if (clips.length === 0) return performed(avatar, take, NOTHING);
  const variation = liveVariation(avatar, take);
  const seconds = takeSeconds(take);
  if (seconds > LONGEST_SECONDS) {
    throw new StudioError({
      code: 'bad-request',
      message: 'This take is longer than an hour, which is more than the live picture can hold.',
      hint: 'Shorten it to hear it live; it can be exported as it is.',
    });
  }
  const { fps } = avatar.manifest.source;
  const key = JSON.stringify([clips, seconds, variation]);
  let said = spoken.get(key);
  if (!said) {
    const mixed = await mix({ clips: [...clips] }, signal);
    signal.throwIfAborted();
    said = await hear(avatar, { ...mixed, begins: 0 }, { fps, end: frameCount(seconds, fps), variation, signal });
  }
  remember(spoken, key, said);
  return performed(avatar, take, said);
}

/** A checkpoint says things its likely way: how else its person might is learnt at the training's end. */
function liveVariation(avatar: Avatar, { speech, pose, lanes }: Take): Variation | undefined {
  return avatar.manifest.checkpoint && !avatar.varies ? undefined : variationOf(avatar, speech, pose, lanes);
}

function performed(
  avatar: Avatar,
  { pose, speech, lanes }: Pick<Take, 'pose' | 'speech' | 'lanes'>,
  said: Said,
): LivePerformance {
  const manner = mannerOf(avatar, speech, lanes);
  const performance = performanceOf(avatar, { pose, lanes, manner, said });
  let unheard: Performance | undefined;
  return {
    frames: performance.expression.length / EXPRESSIONS,
    aperture: apertures(avatar.rig, performance.expression),
    pitch: said.pitch,
    own: (hears) => (hears ? (unheard ??= performanceOf(avatar, { pose, lanes, manner, said: NOTHING })) : performance),
  };
}
