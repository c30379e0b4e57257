import { Color } from 'three';
import { poseVertices, VERTICES } from '../../../../../shared/face/index.ts';
import type { FaceTrack } from '../../footage/track.ts';
import { poseAt, residuals } from './face-model.ts';
import { HEAT_STOPS } from './heat-stops.ts';

const STEPS = 256;

/** Linear RGB, [256,3]. */
const RAMP = (() => {
  const stops = HEAT_STOPS.map((stop) => new Color(stop));
  const colour = new Color();
  return Float32Array.from({ length: STEPS * 3 }, (_, i) => {
    const at = (Math.floor(i / 3) / (STEPS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    return colour.lerpColors(stops[low]!, stops[low + 1]!, at - low).toArray()[i % 3]!;
  });
})();

/** Colours [468,3] of residuals [468], `scale` pixels being the hottest. */
export function heatColours(distances: Float32Array, scale: number, out: Float32Array): void {
  for (let vertex = 0; vertex < distances.length; vertex++) {
    const step = Math.min(STEPS - 1, Math.max(0, Math.round((distances[vertex]! / scale) * (STEPS - 1))));
    for (let channel = 0; channel < 3; channel++) out[vertex * 3 + channel] = RAMP[step * 3 + channel]!;
  }
}

/** Frames looked at to choose the scale of a track. */
const LOOKS = 24;

/**
 * What the hottest colour stands for, source pixels: 99 of 100 residuals lie below it. Undefined until landmarks are
 * here.
 */
export function heatScale(track: FaceTrack): number | undefined {
  const all: number[] = [];
  const vertices = new Float32Array(VERTICES * 3);
  const distances = new Float32Array(VERTICES);
  const good = Array.from(track.state.keys()).filter((frame) => track.state[frame] === 0);
  // The beginning is fetched in one piece; more would fetch the whole file for a colour.
  const near = good.slice(0, 200);
  for (let look = 0; look < Math.min(LOOKS, near.length); look++) {
    const frame = near[Math.floor((look * near.length) / LOOKS)] ?? near[0]!;
    const landmarks = track.landmarks.at(frame);
    if (!landmarks) return undefined;
    const pose = poseAt(track, frame);
    poseVertices(track, pose.expression, vertices);
    residuals(track, pose, vertices, landmarks, distances);
    all.push(...distances);
  }
  all.sort((a, b) => a - b);
  return rounded(all[Math.floor(all.length * 0.99)] ?? 1);
}

/** The next of 1, 2, 5, 10, 20 … */
function rounded(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}
