import { type FaceTrack, FRAME_STATES } from '../../footage/track.ts';
import { drawCurve, evenCurve, type Curve } from './curve.ts';
import type { LiveMotion } from '../../../../live/live-avatar.ts';
import type { Paint } from './paint.ts';

/** The opening of the mouth: as it was in the video, and dashed as the avatar will do it, on one scale. */
export function drawMouth(paint: Paint, track: Opened | null, motion: LiveMotion | null): void {
  const highest = Math.max(track ? highestOf(track.aperture) : 0, motion ? highestOf(motion.aperture) : 0);
  if (highest <= 0) return;
  const share = (value: number) => value / highest;
  if (track) drawCurve(paint, trackCurve(track), { colour: paint.colours.tracked, share });
  if (motion)
    drawCurve(paint, evenCurve(motion.aperture, motion.fps), {
      colour: paint.colours.driven,
      dash: [5, 3],
      lineWidth: 1.5,
      share,
    });
}

type Opened = Pick<FaceTrack, 'aperture' | 'time' | 'state'>;

function trackCurve(track: Opened): Curve {
  const { time } = track;
  return {
    values: seen(track),
    at: (index) => time[index]!,
    indexAt: (seconds) => {
      let [low, high] = [0, time.length]; // time[low] is at or before `seconds`, or low is 0
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (time[middle]! <= seconds) low = middle;
        else high = middle;
      }
      return low;
    },
  };
}

const MISSING = FRAME_STATES.indexOf('missing');
const seenOf = new WeakMap<Opened['aperture'], readonly (number | null)[]>();
/** Null where there is no face: nothing was measured there. */
function seen({ aperture, state }: Opened): readonly (number | null)[] {
  const there = seenOf.get(aperture) ?? Array.from(aperture, (value, row) => (state[row] === MISSING ? null : value));
  seenOf.set(aperture, there);
  return there;
}

const known = new WeakMap<ArrayLike<number>, number>();
function highestOf(values: ArrayLike<number>): number {
  let highest = known.get(values);
  if (highest === undefined) {
    highest = 0;
    for (let index = 0; index < values.length; index++) if (values[index]! > highest) highest = values[index]!;
    known.set(values, highest);
  }
  return highest;
}
