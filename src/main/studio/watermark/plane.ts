/** One number a pixel. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The mean of the square of `radius` around each pixel, twice over, which is near a bell; edges have what there is. */
export function blurred(plane: Plane, radius: number): Plane {
  return meanAround(meanAround(plane, radius), radius);
}

function meanAround({ width, height, values }: Plane, radius: number): Plane {
  const rows = new Float32Array(values.length);
  for (let row = 0; row < height; row++) slide(values, rows, { first: row * width, step: 1, count: width }, radius);
  const both = new Float32Array(values.length);
  for (let column = 0; column < width; column++)
    slide(rows, both, { first: column, step: width, count: height }, radius);
  return { width, height, values: both };
}

interface Line {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

function slide(from: Float32Array, to: Float32Array, { first, step, count }: Line, radius: number): void {
  let sum = 0;
  for (let index = 0; index < Math.min(radius, count); index++) sum += from[first + index * step]!;
  for (let index = 0; index < count; index++) {
    if (index + radius < count) sum += from[first + (index + radius) * step]!;
    if (index > radius) sum -= from[first + (index - radius - 1) * step]!;
    const within = Math.min(index + radius, count - 1) - Math.max(index - radius, 0) + 1;
    to[first + index * step] = sum / within;
  }
}
