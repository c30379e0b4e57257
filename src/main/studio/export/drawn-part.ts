import { type Avatar, EXPRESSIONS, type Hearing } from '../engine/index.ts';
import type { Stretch } from '../takes/index.ts';

/** Hz; what speech networks hear. */
const SPEECH_RATE = 16_000;

/**
 * Expressions of a part of a take whose sound, from its beginning, is `whole`. A mouth that is drawn is the same in
 * each part only where all is heard, as the live picture does.
 */
export async function drawnPart(
  avatar: Pick<Avatar, 'motion'>,
  whole: Float32Array,
  { first, frames, fps }: Pick<Stretch, 'first' | 'frames' | 'fps'>,
  hearing: Hearing,
): Promise<Float32Array> {
  const end = first + frames;
  const silent = Math.round(((end - 1) / fps) * SPEECH_RATE) - whole.length; // behind the last sound
  const sound = silent > 0 ? new Float32Array(whole.length + silent + SPEECH_RATE) : whole;
  if (sound !== whole) sound.set(whole);
  return (await avatar.motion(sound, fps, end, hearing)).subarray(first * EXPRESSIONS);
}
