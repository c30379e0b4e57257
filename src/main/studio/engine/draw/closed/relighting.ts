import { type HeadPose, VERTICES } from '../../../../../shared/face/index.ts';
import type { Light, Rig } from '../../bundle/index.ts';
import { kernelFloats } from '../../kernels/index.ts';
import { Products } from '../../numbers/ridge.ts';
import { rasterize, rasterizeOver, rasterTarget } from '../rasterizer.ts';
import { personShares } from './person-shares.ts';
import type { PreparedAppearance } from './prepared.ts';
import type { Spans } from './spans.ts';

const GAMMA = 2.2;
const DEGREES = Math.PI / 180;
/** Cells along the chart's side: light changes slowly over a surface. */
const CELLS = 64;
const CHART = 256; // what corners are counted in
/** Light reaches so far round a shape's edge: skin and hair scatter it. */
const WRAP = 0.2;
/** What is left of the filmed light when the added one is at its strongest, and how strong that is. */
const LEFT = 0.35;
const ADDED = 1.1;
/** The filmed shading of a place, beside that of all: what is darker is no shade but a beard or a brow. */
const SHADE = { least: 0.5, most: 1.6 } as const;
/** Stops of red and blue that the warmest light has more and less. */
const WARMTH = { red: 0.3, blue: -0.55 } as const;
const LUMA = [0.2126, 0.7152, 0.0722] as const;
const SMOOTHED = 4;
/** How far hair faces the camera at its outline: it is no ball, and stands in all directions. */
const HAIR = 0.7;
/** A clothed chest: it faces the camera, and its sides turn away so far. */
const CHEST = { side: 0.75, up: 0.15 } as const;

/** What a person looks like in other light: a gain for each place of the chart, by its normal. */
export class Relighting {
  readonly #normals: Float32Array; // [P,3] of the head or, from `#still` on, of the camera
  readonly #still: number;
  readonly #shades: Float32Array; // [P] of the light that it was filmed in
  readonly #places: Float32Array; // [P,3] on the chart, all at one depth
  readonly #around: Int32Array;
  readonly #triangles: Int32Array;
  readonly #gains: Float32Array; // [P,3] less 1
  readonly #grid = rasterTarget(CELLS, CELLS, 3);
  readonly #line = new Float32Array(CELLS * 3);
  readonly #columns = new Map<number, Float32Array>(); // by the chart's side
  readonly #chart: PreparedAppearance['chart'];
  readonly #shares = new Map<number, Float32Array>(); // by the chart's side

  constructor(rig: Rig, appearance: PreparedAppearance) {
    const { corners, around } = appearance;
    const points = corners.length / 2;
    this.#still = VERTICES + appearance.ring.length / 3;
    this.#normals = normalsOf(rig, appearance);
    this.#shades = shadesOf(this.#normals, appearance);
    this.#places = kernelFloats(points * 3);
    for (let p = 0; p < points; p++) this.#places.set([corners[p * 2]!, corners[p * 2 + 1]!, 0], p * 3);
    this.#around = around;
    this.#triangles = rig.triangles;
    this.#gains = kernelFloats(points * 3);
    this.#chart = appearance.chart;
  }

  /** Changes a chart [side,side,4] of colours in place; outside of `spans` it holds nothing. */
  light(picture: Float32Array, side: number, spans: Spans, light: Light, { rotation }: HeadPose): void {
    this.#gain(light, rotation);
    rasterize(this.#grid, this.#places, CELLS / CHART, this.#gains, this.#around);
    rasterizeOver(this.#grid, this.#places, CELLS / CHART, this.#gains, this.#triangles);
    const shares = this.#sharesOf(side);
    const [line, columns] = [this.#line, this.#columnsOf(side)];
    for (let row = 0; row < side; row++) {
      this.#interpolate(between(row, CELLS / side, CELLS));
      const begin = row * side;
      for (let column = spans[row * 2]!, past = spans[row * 2 + 1]!; column < past; column++) {
        const share = shares[begin + column]!;
        if (share === 0) continue;
        const at = (begin + column) * 4;
        const way = columns[column]!;
        const cell = Math.floor(way);
        const from = cell * 3;
        const fx = way - cell;
        picture[at]! *= 1 + share * (line[from]! + fx * (line[from + 3]! - line[from]!));
        picture[at + 1]! *= 1 + share * (line[from + 1]! + fx * (line[from + 4]! - line[from + 1]!));
        picture[at + 2]! *= 1 + share * (line[from + 2]! + fx * (line[from + 5]! - line[from + 2]!));
      }
    }
  }

  /** Gains along a row between two of the grid's. */
  #interpolate(way: number): void {
    const [grid, line] = [this.#grid.image, this.#line];
    const top = Math.floor(way);
    const above = top * line.length;
    const share = way - top;
    for (let i = 0; i < line.length; i++)
      line[i] = grid[above + i]! + share * (grid[above + line.length + i]! - grid[above + i]!);
  }

  #columnsOf(side: number): Float32Array {
    const known = this.#columns.get(side);
    if (known) return known;
    const found = Float32Array.from({ length: side }, (_, column) => between(column, CELLS / side, CELLS));
    this.#columns.set(side, found);
    return found;
  }

  #sharesOf(side: number): Float32Array {
    const known = this.#shares.get(side);
    if (known) return known;
    const { mean, side: own } = this.#chart;
    const shares = personShares(mean, own);
    const found = side === own ? shares : enlarged(shares, own, side);
    this.#shares.set(side, found);
    return found;
  }

  #gain({ yaw, pitch, intensity, warmth }: Light, r: Float32Array): void {
    const [normals, shades, gains] = [this.#normals, this.#shades, this.#gains];
    const lx = Math.sin(yaw * DEGREES) * Math.cos(pitch * DEGREES);
    const ly = Math.sin(pitch * DEGREES);
    const lz = Math.cos(yaw * DEGREES) * Math.cos(pitch * DEGREES);
    // In the head's space: one turned light instead of many turned normals.
    const hx = r[0]! * lx + r[3]! * ly + r[6]! * lz;
    const hy = r[1]! * lx + r[4]! * ly + r[7]! * lz;
    const hz = r[2]! * lx + r[5]! * ly + r[8]! * lz;
    const tint = tintOf(warmth);
    for (let p = 0, at = 0; p < shades.length; p++, at += 3) {
      const [x, y, z] = [normals[at]!, normals[at + 1]!, normals[at + 2]!];
      const facing = p < this.#still ? x * hx + y * hy + z * hz : x * lx + y * ly + z * lz;
      const lit = Math.max(0, (facing + WRAP) / (1 + WRAP));
      const gain = 1 - intensity * (1 - LEFT) + (intensity * ADDED * lit) / shades[p]!;
      for (let c = 0; c < 3; c++) gains[at + c] = (gain * tint[c]!) ** (1 / GAMMA) - 1;
    }
  }
}

/** Where a place lies among the middles of `cells`: less than the last, so that there is always one behind. */
function between(place: number, zoom: number, cells: number): number {
  return Math.min(Math.max((place + 0.5) * zoom - 0.5, 0), cells - 1 - 1e-4);
}

function enlarged(values: Float32Array, side: number, larger: number): Float32Array {
  const out = new Float32Array(larger * larger);
  const zoom = side / larger;
  for (let row = 0; row < larger; row++) {
    const y = between(row, zoom, side);
    const top = Math.floor(y);
    for (let column = 0; column < larger; column++) {
      const x = between(column, zoom, side);
      const left = Math.floor(x);
      const a = top * side + left;
      const above = values[a]! + (x - left) * (values[a + 1]! - values[a]!);
      const below = values[a + side]! + (x - left) * (values[a + side + 1]! - values[a + side]!);
      out[row * larger + column] = above + (y - top) * (below - above);
    }
  }
  return out;
}

/** Gains of linear red, green and blue, as bright as they were. */
function tintOf(warmth: number): readonly [number, number, number] {
  const [red, blue] = [2 ** (WARMTH.red * warmth), 2 ** (WARMTH.blue * warmth)];
  const luma = LUMA[0] * red + LUMA[1] + LUMA[2] * blue;
  return [red / luma, 1 / luma, blue / luma];
}

/**
 * The face's are its mesh's at rest, those of hair an ellipsoid's, the chest's a flat shape's with round sides. What
 * lies around the person is lit as what is nearest to it.
 */
function normalsOf(rig: Rig, { corners, ring, torso }: PreparedAppearance): Float32Array {
  const normals = new Float32Array((corners.length / 2) * 3);
  const { neutral, triangles } = rig;
  let towards = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t]! * 3, triangles[t + 1]! * 3, triangles[t + 2]! * 3];
    const edge = (to: number, k: number): number => neutral[to + k]! - neutral[a + k]!;
    const [ux, uy, uz, vx, vy, vz] = [edge(b, 0), edge(b, 1), edge(b, 2), edge(c, 0), edge(c, 1), edge(c, 2)];
    const across = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    towards += across[2]!;
    for (const vertex of [a, b, c]) for (let k = 0; k < 3; k++) normals[vertex + k]! += across[k]!;
  }
  // All triangles run the same way round, and most of a face at rest looks at the camera.
  if (towards < 0) for (let i = 0; i < VERTICES * 3; i++) normals[i]! *= -1;
  for (let p = 0; p < VERTICES; p++) unit(normals, p * 3);
  for (let turn = 0; turn < SMOOTHED; turn++) smooth(normals, triangles);
  const [centre, radii] = [rig.ellipsoid.subarray(0, 3), rig.ellipsoid.subarray(3, 6)];
  let at = VERTICES * 3;
  for (let i = 0; i < ring.length; i += 3, at += 3) {
    for (let k = 0; k < 3; k++) normals[at + k] = (ring[i + k]! - centre[k]!) / radii[k]! ** 2;
    unit(normals, at);
    normals[at + 2]! += HAIR;
  }
  const xs = torso.filter((_, i) => i % 2 === 0);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  for (let i = 0; i < torso.length; i += 2, at += 3) {
    const side = CHEST.side * ((2 * (torso[i]! - left)) / Math.max(right - left, 1) - 1);
    normals.set([side, CHEST.up, Math.sqrt(1 - side ** 2)], at);
  }
  const within = at / 3;
  for (let p = 0; p < within; p++) unit(normals, p * 3);
  for (let p = within; p < corners.length / 2; p++, at += 3) {
    const near = nearest(corners, p, within) * 3;
    normals.copyWithin(at, near, near + 3);
  }
  return normals;
}

/** Each the mean of those around it: lips and lids fold where light, which skin scatters, does not. */
function smooth(normals: Float32Array, triangles: Int32Array): void {
  const before = normals.slice(0, VERTICES * 3);
  for (let t = 0; t < triangles.length; t += 3)
    for (let k = 0; k < 3; k++) {
      const [at, one, other] = [t + k, t + ((k + 1) % 3), t + ((k + 2) % 3)].map((i) => triangles[i]! * 3) as [
        number,
        number,
        number,
      ];
      for (let c = 0; c < 3; c++) normals[at + c]! += before[one + c]! + before[other + c]!;
    }
  for (let p = 0; p < VERTICES; p++) unit(normals, p * 3);
}

function unit(vectors: Float32Array, at: number): void {
  const length = Math.hypot(vectors[at]!, vectors[at + 1]!, vectors[at + 2]!);
  for (let k = 0; k < 3; k++) vectors[at + k] = length > 0 ? vectors[at + k]! / length : k === 2 ? 1 : 0;
}

function nearest(corners: Float32Array, p: number, among: number): number {
  let [found, least] = [0, Infinity];
  for (let q = 0; q < among; q++) {
    const far = Math.hypot(corners[q * 2]! - corners[p * 2]!, corners[q * 2 + 1]! - corners[p * 2 + 1]!);
    if (far < least) [found, least] = [q, far];
  }
  return found;
}

/**
 * How bright the light that a person was filmed in makes a surface that faces so: what of the mean face's brightness
 * goes with its normals, beside its mean. What skin and features are not alike in stays theirs.
 */
function shadesOf(normals: Float32Array, { corners, chart }: PreparedAppearance): Float32Array {
  const seen: number[] = [];
  const bright: number[] = [];
  for (let p = 0; p < VERTICES; p++) {
    const place = (k: number): number =>
      Math.min(Math.max(Math.floor((corners[p * 2 + k]! / CHART) * chart.side), 0), chart.side - 1);
    const at = (place(1) * chart.side + place(0)) * 4;
    if (!(chart.mean[at + 3]! > 200)) continue;
    seen.push(p);
    bright.push(LUMA.reduce((sum, share, c) => sum + share * Math.max(chart.mean[at + c]!, 0) ** GAMMA, 0));
  }
  const shades = new Float32Array(normals.length / 3).fill(1);
  if (seen.length < 50) return shades;
  const mean = bright.reduce((sum, value) => sum + value, 0) / bright.length;
  let weights = new Float64Array(seen.length).fill(1);
  let found = new Float64Array(4);
  for (let turn = 0; turn < 4; turn++) {
    const root = weights.map(Math.sqrt);
    const columns = [0, 1, 2, 3].map((k) => root.map((w, i) => w * (k === 3 ? 1 : normals[seen[i]! * 3 + k]!)));
    found = Products.of(columns, [root.map((w, i) => (w * bright[i]!) / mean)], 0, seen.length).weights(
      0,
      0.01,
    ) as Float64Array<ArrayBuffer>;
    // Brows, eyes and lips are no shade.
    weights = weights.map((_, i) => 1 / (1 + ((bright[i]! / mean - shadeOf(normals, seen[i]!, found)) / 0.15) ** 2));
  }
  const usual = seen.reduce((sum, p) => sum + shadeOf(normals, p, found), 0) / seen.length;
  if (!(usual > 0)) return shades;
  return shades.map((_, p) => Math.min(Math.max(shadeOf(normals, p, found) / usual, SHADE.least), SHADE.most));
}

function shadeOf(normals: Float32Array, p: number, light: Float64Array): number {
  return light[3]! + [0, 1, 2].reduce((sum, k) => sum + light[k]! * normals[p * 3 + k]!, 0);
}
