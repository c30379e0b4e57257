const FRAMES = [1, 2, 5, 10];
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
/** Room for a label, pixels. */
const LABEL = 76;
const TICK = 7;

/** How far apart labels and ticks of the ruler are, seconds; single frames where they are wide enough. */
export function rulerSteps(pixelsPerSecond: number, fps: number): { readonly label: number; readonly tick: number } {
  const frame = 1 / fps;
  const label =
    [...FRAMES.map((count) => count * frame), ...SECONDS].find((step) => step * pixelsPerSecond >= LABEL) ??
    SECONDS.at(-1)!;
  const parts =
    [10, 5, 4, 2, 1].find((count) => (label / count) * pixelsPerSecond >= TICK && label / count >= frame * 0.999) ?? 1;
  return { label, tick: label / parts };
}
