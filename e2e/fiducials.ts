import { encode } from 'jpeg-js';
import type { PNG } from 'pngjs';

/** Between dots, source pixels; a dot's colour says which it is. */
const SPACING = 40;
const LEVEL = 14;
const RADIUS = 5;

/** Where source pixels are on a screenshot: x = left + scale·u, y = top + scale·v. */
export interface Measured {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly dots: number;
}

/** A picture of round green dots on black, one every 40 source pixels, to be shown in place of the source's. */
export function dotted(
  source: { readonly width: number; readonly height: number },
  picture: { readonly width: number; readonly height: number },
): Buffer {
  const { width, height } = picture;
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [((x + 0.5) * source.width) / width, ((y + 0.5) * source.height) / height];
      const [column, row] = [Math.round(u / SPACING), Math.round(v / SPACING)];
      const inside = Math.min(1, Math.max(0, RADIUS + 0.5 - Math.hypot(u - column * SPACING, v - row * SPACING)));
      const at = (y * width + x) * 4;
      data[at] = inside * column * LEVEL;
      data[at + 1] = inside * 255;
      data[at + 2] = inside * row * LEVEL;
      data[at + 3] = 255;
    }
  }
  return encode({ width, height, data }, 98).data as Buffer;
}

/** Finds the dots on a screenshot and, by least squares, where the picture of `source` is. */
export function whereIs(
  { width, height, data }: PNG,
  source: { readonly width: number; readonly height: number },
): Measured {
  const seen = new Uint8Array(width * height);
  const dots: { x: number; y: number; u: number; v: number }[] = [];
  for (let start = 0; start < width * height; start++) {
    if (seen[start] || data[start * 4 + 1]! < 128) continue;
    let [sum, sumX, sumY, sumR, sumB, touches] = [0, 0, 0, 0, 0, false];
    const stack = [start];
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop()!;
      const [x, y, green] = [at % width, Math.floor(at / width), data[at * 4 + 1]!];
      [sum, sumX, sumY] = [sum + green, sumX + green * (x + 0.5), sumY + green * (y + 0.5)];
      [sumR, sumB] = [sumR + data[at * 4]!, sumB + data[at * 4 + 2]!];
      touches ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (const next of [at - 1, at + 1, at - width, at + width]) {
        if (next < 0 || next >= width * height || seen[next] || data[next * 4 + 1]! < 40) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    const [u, v] = [
      Math.round((sumR / sum) * (255 / LEVEL)) * SPACING,
      Math.round((sumB / sum) * (255 / LEVEL)) * SPACING,
    ];
    // Dots cut by the stage's edge or by the picture's own have their middle elsewhere.
    const whole = !touches && Math.min(u, v, source.width - u, source.height - v) > 2 * RADIUS;
    if (whole) dots.push({ x: sumX / sum, y: sumY / sum, u, v });
  }
  const mean = (pick: (dot: (typeof dots)[number]) => number) =>
    dots.reduce((total, dot) => total + pick(dot), 0) / dots.length;
  const [x, y, u, v] = [mean((dot) => dot.x), mean((dot) => dot.y), mean((dot) => dot.u), mean((dot) => dot.v)];
  const scale =
    mean((dot) => (dot.x - x) * (dot.u - u) + (dot.y - y) * (dot.v - v)) /
    mean((dot) => (dot.u - u) ** 2 + (dot.v - v) ** 2);
  return { scale, left: x - scale * u, top: y - scale * v, dots: dots.length };
}
