/**
 * A frame rate as ffmpeg and containers want it: exact for the NTSC family (29.97 is 30000/1001), else in thousandths.
 */
export function rateFraction(fps: number): string {
  const whole = Math.round(fps);
  if (Math.abs(fps - whole) < 1e-4) return `${whole}/1`;
  const ntsc = Math.round(fps * 1.001);
  if (Math.abs(fps - ntsc / 1.001) < 1e-3) return `${ntsc * 1000}/1001`;
  return `${Math.round(fps * 1000)}/1000`;
}

/** The same as a number: 29.97 is 29.97002997002997. */
export function exactRate(fps: number): number {
  const [frames, seconds] = rateFraction(fps).split('/').map(Number);
  return frames! / seconds!;
}
