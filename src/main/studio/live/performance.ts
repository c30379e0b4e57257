import { StudioError } from '../../../shared/contract/index.ts';
import { PLAIN_SPEECH, type Take, takeSeconds } from '../../../shared/domain/take.ts';
import {
  apertures,
  type Avatar,
  type Control,
  EXPRESSIONS,
  restingExpression,
  type Spoken,
  type Variation,
} from '../engine/index.ts';
import { frameCount, mannerOf, takeFrame, variationOf } from '../takes/index.ts';
import { type EngineLease, remember } from './engines.ts';

/** What a take says: its whole mix, mono at 16 kHz, -1..1. */
export type Mix = (take: Pick<Take, 'clips'>, signal: AbortSignal) => Promise<Float32Array>;

/** A take as one avatar plays it. */
export interface Performance {
  readonly frames: number;
  readonly aperture: Float32Array; // [frames] unit of the track's `aperture`
  readonly pitch: Float32Array; // [frames] Hz; NaN where it is unvoiced
  /** Any frame of the timeline: behind the last sound the mouth rests. */
  control(frame: number): Control;
}

/** The sound, its features and its motion are held whole: 0.4 GB an hour. */
const LONGEST_SECONDS = 3600;
const NOTHING: Take = {
  version: 1,
  clips: [],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  range: null,
  markers: [],
};
const UNSPOKEN: Spoken = { expression: new Float32Array(0), pitch: new Float32Array(0), accents: new Float32Array(0) };

/** What an avatar does before it was told anything: the source's own motion, mouth closed. */
export function atRest(avatar: Avatar): Performance {
  return performanceOf(avatar, NOTHING, UNSPOKEN);
}

/** Works out a take. Raises StudioError('bad-request' | 'not-found' | 'bad-audio'), and the signal's reason. */
export async function perform(
  { avatar, spoken }: EngineLease,
  take: Take,
  mix: Mix,
  signal: AbortSignal,
): Promise<Performance> {
  if (take.clips.length === 0) return performanceOf(avatar, take, UNSPOKEN);
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
  const key = JSON.stringify([take.clips, variation]);
  let said = spoken.get(key);
  if (!said) {
    const waveform = await mix(take, signal);
    signal.throwIfAborted();
    said = await avatar.speak(waveform, fps, frameCount(seconds, fps), { variation, signal });
  }
  remember(spoken, key, said);
  return performanceOf(avatar, take, said);
}

/** A preview of a training says things its likely way: how else its person might is learnt at the training's end. */
function liveVariation(avatar: Avatar, { speech, pose }: Take): Variation | undefined {
  return avatar.manifest.checkpoint && !avatar.varies ? undefined : variationOf(avatar, speech, pose);
}

function performanceOf(
  avatar: Avatar,
  { pose, speech }: Pick<Take, 'pose' | 'speech'>,
  { expression: spoken, pitch, accents }: Spoken,
): Performance {
  const { rig, idle, manifest } = avatar;
  const { fps } = manifest.source;
  const { mouth, style } = mannerOf(avatar, speech);
  const expression = mouth(spoken);
  const frames = expression.length / EXPRESSIONS;
  const rest = restingExpression(rig);
  return {
    frames,
    aperture: apertures(rig, expression),
    pitch,
    control(frame) {
      const said = frame < frames ? expression.subarray(frame * EXPRESSIONS, (frame + 1) * EXPRESSIONS) : rest;
      return takeFrame({ pose, fps, accents }, rig, idle, said, frame, style).control;
    },
  };
}
