/** Frame states of a track (docs/formats.md) on which the tracked pose can be trusted. */
const GOOD = 0;
const BLURRED = 4;
/** Frames over which the driven face comes and goes beside frames that keep the source. */
export const FADE_FRAMES = 4;

/**
 * How much of the driven face each output frame shows, 0..1: none where something covers the face, where there is none
 * or somebody else's, and a short fade on the frames beside those, so that nothing pops. `rows` are rows of `state`.
 */
export function faceOpacity(state: Uint8Array, rows: Int32Array): Float32Array {
  const shown = (frame: number) =>
    frame < 0 || frame >= rows.length || state[rows[frame]!] === GOOD || state[rows[frame]!] === BLURRED;
  const opacity = new Float32Array(rows.length);
  for (let frame = 0; frame < rows.length; frame++) {
    let distance = 0;
    while (distance < FADE_FRAMES && shown(frame - distance) && shown(frame + distance)) distance++;
    opacity[frame] = distance / FADE_FRAMES;
  }
  return opacity;
}
