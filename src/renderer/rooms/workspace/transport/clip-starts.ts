import type { SoundClip } from '../../../../shared/domain/take.ts';
import type { Lap } from './lap.ts';

/** One piece of a sound to be started at `clock`, from `offset` into the sound, for `seconds`. */
export interface ClipStart {
  readonly clip: SoundClip;
  readonly clock: number;
  readonly offset: number;
  readonly seconds: number;
}

/** What a lap plays of each clip; what should have begun before `earliest` begins there, in step with the rest. */
export function clipStarts(clips: readonly SoundClip[], lap: Lap, earliest: number): readonly ClipStart[] {
  const begin = Math.max(lap.from, lap.from + (earliest - lap.clock));
  return clips.flatMap((clip) => {
    const from = Math.max(clip.at, begin);
    const to = Math.min(clip.at + clip.seconds, lap.to);
    if (to <= from) return [];
    return [{ clip, clock: lap.clock + (from - lap.from), offset: clip.start + (from - clip.at), seconds: to - from }];
  });
}
