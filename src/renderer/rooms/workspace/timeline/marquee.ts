import { clipEnd, rowsOf } from '../../../../shared/domain/clips.ts';
import type { SoundClip } from '../../../../shared/domain/take.ts';

/** A rectangle that is drawn over the sounds: seconds, and CSS pixels from the sound lane's top. */
export interface Marquee {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
}

/** The clips that it touches. `height`: of all rows, CSS pixels. */
export function touched(clips: readonly SoundClip[], { from, to, top, bottom }: Marquee, height: number): string[] {
  const { rows, count } = rowsOf(clips);
  const tall = height / count;
  return clips
    .filter((clip) => {
      const row = rows.get(clip.id)!;
      return clip.at < to && clipEnd(clip) > from && row * tall < bottom && (row + 1) * tall > top;
    })
    .map(({ id }) => id);
}
