import { readFileSync } from 'node:fs';
import type { PNG } from 'pngjs';
import { floats, indices, parseSafetensors } from '../src/shared/binary/index.ts';

type Point = readonly [number, number];

/**
 * The stored fit of a frame, read whole and projected by the formula of docs/formats.md; nothing of the window takes
 * part.
 */
export function storedFit(
  path: string,
  frame: number,
): {
  readonly vertices: readonly Point[];
  readonly landmarks: readonly Point[];
  readonly edges: readonly (readonly [number, number])[];
} {
  const file = parseSafetensors(readFileSync(path));
  const neutral = floats(file, 'neutral', [468, 3]);
  const basis = floats(file, 'expression_basis', [64, 468, 3]);
  const e = floats(file, 'expression', ['T', 64]).subarray(frame * 64, frame * 64 + 64);
  const R = floats(file, 'rotation', ['T', 3, 3]).subarray(frame * 9, frame * 9 + 9);
  const t = floats(file, 'translation', ['T', 3]).subarray(frame * 3, frame * 3 + 3);
  const f = floats(file, 'focal', [1])[0]!;
  const [cx, cy] = floats(file, 'principal', [2]) as unknown as [number, number];
  const measured = floats(file, 'landmarks', ['T', 478, 3]).subarray(frame * 478 * 3);
  const vertices = Array.from({ length: 468 }, (_, i): Point => {
    const X = [0, 1, 2].map((axis) =>
      e.reduce((sum, weight, k) => sum + weight * basis[(k * 468 + i) * 3 + axis]!, neutral[i * 3 + axis]!),
    );
    const C = [0, 1, 2].map((row) => R[row * 3]! * X[0]! + R[row * 3 + 1]! * X[1]! + R[row * 3 + 2]! * X[2]! + t[row]!);
    return [cx + (f * C[0]!) / -C[2]!, cy - (f * C[1]!) / -C[2]!];
  });
  const triangles = indices(file, 'triangles', [898, 3]);
  const edges = new Map<string, readonly [number, number]>();
  for (let i = 0; i < 852 * 3; i += 3) {
    for (let side = 0; side < 3; side++) {
      const [a, b] = [triangles[i + side]!, triangles[i + ((side + 1) % 3)]!];
      edges.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b]);
    }
  }
  return {
    vertices,
    landmarks: Array.from({ length: 478 }, (_, i): Point => [measured[i * 3]!, measured[i * 3 + 1]!]),
    edges: [...edges.values()],
  };
}

/** How bright each pixel of a screenshot is, 0..1. */
export function brightness({ width, height, data }: PNG): {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
} {
  return {
    width,
    height,
    values: Float32Array.from(
      { length: width * height },
      (_, i) => Math.max(data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!) / 255,
    ),
  };
}
export type Brightness = ReturnType<typeof brightness>;

/** Lines between points of a screenshot, as soft as a line of one pixel is. */
export function drawLines(width: number, height: number, ends: readonly (readonly [Point, Point])[]): Brightness {
  const values = new Float32Array(width * height);
  for (const [[ax, ay], [bx, by]] of ends) {
    const length = Math.hypot(bx - ax, by - ay);
    const steps = Math.max(1, Math.ceil(length * 4));
    for (let step = 0; step <= steps; step++) {
      const [x, y] = [ax + ((bx - ax) * step) / steps - 0.5, ay + ((by - ay) * step) / steps - 0.5];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      for (const [px, py] of [
        [x0, y0],
        [x0 + 1, y0],
        [x0, y0 + 1],
        [x0 + 1, y0 + 1],
      ] as const) {
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const weight = (1 - Math.abs(x - px)) * (1 - Math.abs(y - py));
        values[py * width + px] = Math.min(1, values[py * width + px]! + weight / 4);
      }
    }
  }
  return { width, height, values };
}

/**
 * Around `at`: by how much `seen` is moved against `expected`, pixels; undefined where a pattern cannot tell, or is
 * covered.
 */
export function shiftAround(
  seen: Brightness,
  expected: Brightness,
  [x, y]: Point,
  half = 10,
  reach = 3,
): Point | undefined {
  const [cx, cy] = [Math.floor(x), Math.floor(y)];
  if (
    cx - half - reach < 0 ||
    cy - half - reach < 0 ||
    cx + half + reach >= seen.width ||
    cy + half + reach >= seen.height
  )
    return undefined;
  const window = (picture: Brightness, dx: number, dy: number) => {
    const values: number[] = [];
    for (let j = -half; j <= half; j++)
      for (let i = -half; i <= half; i++) values.push(picture.values[(cy + j + dy) * picture.width + cx + i + dx]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const centred = values.map((value) => value - mean);
    const norm = Math.hypot(...centred);
    return norm === 0 ? undefined : centred.map((value) => value / norm);
  };
  const pattern = window(expected, 0, 0);
  if (!pattern) return undefined;
  const likeness = (dx: number, dy: number) =>
    window(seen, dx, dy)?.reduce((sum, value, i) => sum + value * pattern[i]!, 0) ?? 0;
  let best = { dx: 0, dy: 0, value: -1 };
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const value = likeness(dx, dy);
      if (value > best.value) best = { dx, dy, value };
    }
  }
  if (best.value < 0.7) return undefined;
  const vertex = (before: number, here: number, after: number) =>
    before + after === 2 * here ? 0 : (before - after) / (2 * (before - 2 * here + after));
  const across = [likeness(best.dx - 1, best.dy), likeness(best.dx + 1, best.dy)] as const;
  const along = [likeness(best.dx, best.dy - 1), likeness(best.dx, best.dy + 1)] as const;
  // A pattern of parallel lines looks the same a little further along them.
  if (Math.max(...across, ...along) > best.value - 0.08) return undefined;
  return [best.dx + vertex(across[0], best.value, across[1]), best.dy + vertex(along[0], best.value, along[1])];
}

/** The middle of what is bright within `radius` of a point. */
export function middleAround({ width, height, values }: Brightness, [x, y]: Point, radius: number): Point | undefined {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let py = Math.floor(y - radius); py <= y + radius; py++) {
    for (let px = Math.floor(x - radius); px <= x + radius; px++) {
      if (px < 0 || py < 0 || px >= width || py >= height || Math.hypot(px + 0.5 - x, py + 0.5 - y) > radius) continue;
      const value = values[py * width + px]!;
      [sum, sumX, sumY] = [sum + value, sumX + value * (px + 0.5), sumY + value * (py + 0.5)];
    }
  }
  return sum < 1 ? undefined : [sumX / sum, sumY / sum];
}
