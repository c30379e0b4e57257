import { smoothStep } from '../../numbers/smooth-step.ts';
import { LidMargin } from './lid-margin.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In radii of the iris, from its middle: what moves with it whole, and over what the white at least gives way. */
const WHOLE = 1.35;
const GIVES = 1;
/** The white gives way over so many times the iris's way, so that it never folds. */
const NEVER_FOLDS = 1.7;
/** Beside a corner, radii: what lies there stays. */
const CORNER = 0.2;
/** Along a lid, radii: its shadow stays with it, and a little beyond its edge there may still be iris. */
const SHADOW = 0.25;
const EDGE = 0.15;
/** Height over width: eyes that are opened less show no iris, and turn none. */
const SHUT = { below: 0.08, above: 0.16 } as const;
/** Radii: the rim of an iris that lids hid is looked for beside it, what is further inside above or below. */
const HIDDEN = { from: 0.7, to: 1 } as const;
/** Lids are not straight: to follow them beside an iris takes a few steps. */
const STEPS = 3;

/**
 * What shows between the lids of an eye, in its own directions: along from corner to corner, and up; pixels of the
 * crop.
 */
export class EyeOpening {
  readonly #upper: LidMargin;
  readonly #lower: LidMargin;
  readonly #fills: Int32Array; // [F,3] triangles that close the eye
  readonly #corners: Float32Array;
  #screen: Float32Array = new Float32Array(0);
  #origin: Point = { x: 0, y: 0 };
  #along: Point = { x: 1, y: 0 };
  #width = 0;
  #was: Point = { x: 0, y: 0 }; // the middle of the iris
  #is: Point = { x: 0, y: 0 };
  #radius = 1;
  #found = 0; // of the triangles

  /** `upper` and `lower` are the margins' vertices towards the picture's right; `corners` [P,2] lie on the chart. */
  constructor(triangles: Int32Array, corners: Float32Array, upper: readonly number[], lower: readonly number[]) {
    this.#upper = new LidMargin(upper);
    this.#lower = new LidMargin(lower);
    this.#corners = corners;
    const own = new Set([...upper, ...lower]);
    this.#fills = triangles.filter((_, at) =>
      triangles.subarray(at - (at % 3), at - (at % 3) + 3).every((vertex) => own.has(vertex)),
    );
  }

  /** `screen` [V,3]: the mesh in the crop, and its depth. */
  pose(screen: Float32Array): void {
    this.#screen = screen;
    const [first, last] = [this.#upper.first * 3, this.#upper.last * 3];
    this.#origin = { x: screen[first]!, y: screen[first + 1]! };
    const [x, y] = [screen[last]! - this.#origin.x, screen[last + 1]! - this.#origin.y];
    this.#width = Math.max(Math.hypot(x, y), 1e-6);
    this.#along = { x: x / this.#width, y: y / this.#width };
    for (const lid of [this.#upper, this.#lower]) lid.pose(screen, this.#width, (u, v) => this.#own(u, v));
  }

  /** From an iris at `was` in the crop to one at `is`; how far it moves, which it does not where lids are shut. */
  turn(was: Point, is: Point, radius: number): number {
    const [from, to] = [this.#own(was.x, was.y), this.#own(is.x, is.y)];
    const heights = [0.35, 0.5, 0.65]
      .map((share) => share * this.#width)
      .map((x) => this.#upper.at(x) - this.#lower.at(x));
    const open = smoothStep((Math.max(...heights) / this.#width - SHUT.below) / (SHUT.above - SHUT.below));
    this.#was = from;
    this.#is = { x: from.x + (to.x - from.x) * open, y: from.y + (to.y - from.y) * open };
    this.#radius = Math.max(radius, 1e-6);
    return open * Math.hypot(to.x - from.x, to.y - from.y);
  }

  /** What of the crop it lies in. */
  box(): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
    const edge = this.#edge(this.#width);
    const [low, high] = [this.#lower.lowest - edge, this.#upper.highest + edge];
    const ends = [0, this.#width].flatMap((x) => [low, high].map((y) => this.#crop({ x, y })));
    const [xs, ys] = [ends.map(({ x }) => x), ends.map(({ y }) => y)];
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  }

  /**
   * Which address of the chart a place of the crop shows, into `image` from `into` on; none where the opening does not
   * lie, or lies behind `depth`, cm.
   */
  look(x: number, y: number, depth: number, image: Float32Array, into: number): void {
    const here = this.#own(x, y);
    if (here.x < 0 || here.x > this.#width) return;
    const [fromUpper, fromLower] = [this.#upper.at(here.x) - here.y, here.y - this.#lower.at(here.x)];
    if (Math.min(fromUpper, fromLower) < -this.#edge(fromUpper + fromLower)) return;
    if ((this.#upper.depthAt(here.x) + this.#lower.depthAt(here.x)) / 2 > depth) return;
    this.#address(this.#crop(this.#shownAt(here, fromUpper, fromLower)), image, into);
  }

  /** What of the filmed eye is seen at a place that is so far from the lids. */
  #shownAt(here: Point, fromUpper: number, fromLower: number): Point {
    const [was, is, radius] = [this.#was, this.#is, this.#radius];
    const way = Math.hypot(is.x - was.x, is.y - was.y);
    const away = Math.hypot(here.x - is.x, here.y - is.y) / radius;
    const reach = Math.max(GIVES, (NEVER_FOLDS * way) / radius);
    const toCorner = Math.min(here.x, this.#width - here.x) / (CORNER * radius);
    const share = (1 - smoothStep((away - WHOLE) / reach)) * smoothStep(toCorner);
    const moved = { x: here.x - (is.x - was.x) * share, y: here.y - (is.y - was.y) * share };
    const shadow = Math.max(Math.min(SHADOW * radius, (fromUpper + fromLower) / 3), 1e-6);
    const [below, above] = [Math.min(fromLower, shadow), Math.min(fromUpper, shadow)];
    const at = this.#besideLids(moved, below, above);
    const up = Math.max(this.#upper.at(at.x) - at.y - above, 0) * (1 - smoothStep(fromUpper / shadow));
    const down = Math.max(at.y - this.#lower.at(at.x) - below, 0) * (1 - smoothStep(fromLower / shadow));
    const inside = smoothStep(1 + Math.min(fromUpper, fromLower) / this.#edge(fromUpper + fromLower));
    return { x: here.x + (at.x - here.x) * inside, y: here.y + (at.y + up - down - here.y) * inside };
  }

  /** How far beyond lids that are so far apart an iris may be drawn. */
  #edge(apart: number): number {
    return Math.max(EDGE * Math.min(this.#radius, apart), 1e-6);
  }

  /**
   * Where lids hid what is wanted: of an iris what is next to them, of its rim and of the white what is as far from its
   * middle beside it. At least `below` and `above` from the lids.
   */
  #besideLids(wanted: Point, below: number, above: number): Point {
    const was = this.#was;
    const radius = Math.hypot(wanted.x - was.x, wanted.y - was.y);
    const side = wanted.x < was.x ? -1 : 1;
    const aside = smoothStep((radius / this.#radius - HIDDEN.from) / (HIDDEN.to - HIDDEN.from));
    let { x, y } = wanted;
    for (let step = 0; step < STEPS; step++) {
      x = Math.min(Math.max(x, 0), this.#width);
      const [lowest, highest] = [this.#lower.at(x) + below, this.#upper.at(x) - above];
      const seen = Math.max(Math.min(y, highest), lowest);
      if (seen === y) break;
      y = seen;
      const beside = was.x + side * Math.sqrt(Math.max(radius ** 2 - (y - was.y) ** 2, 0));
      x = wanted.x + (beside - wanted.x) * aside;
    }
    return { x: Math.min(Math.max(x, 0), this.#width), y };
  }

  /** Where on the chart a place of the crop is: by the triangle that it lies in, or least beside. */
  #address({ x, y }: Point, image: Float32Array, into: number): void {
    if (this.#inside(this.#found, x, y, image, into) >= 0) return; // mostly that of the pixel before
    let best = -Infinity;
    for (let fill = 0; fill * 3 < this.#fills.length && best < 0; fill++) {
      const inside = this.#inside(fill, x, y, image, into, best);
      if (inside <= best) continue;
      best = inside;
      this.#found = fill;
    }
  }

  /** The least weight of a place among a triangle's corners; writes its address where that is more than `least`. */
  #inside(fill: number, x: number, y: number, image: Float32Array, into: number, least = -1e-9): number {
    const [screen, corners, fills] = [this.#screen, this.#corners, this.#fills];
    const [i, j, k] = [fills[fill * 3]!, fills[fill * 3 + 1]!, fills[fill * 3 + 2]!];
    const [x0, y0] = [screen[i * 3]!, screen[i * 3 + 1]!];
    const [x1, y1] = [screen[j * 3]! - x0, screen[j * 3 + 1]! - y0];
    const [x2, y2] = [screen[k * 3]! - x0, screen[k * 3 + 1]! - y0];
    const area = x1 * y2 - x2 * y1;
    if (!(Math.abs(area) > 1e-9)) return -Infinity;
    const second = ((x - x0) * y2 - x2 * (y - y0)) / area;
    const third = (x1 * (y - y0) - (x - x0) * y1) / area;
    const first = 1 - second - third;
    const inside = Math.min(first, second, third);
    if (inside <= least) return inside;
    for (let axis = 0; axis < 2; axis++)
      image[into + axis] =
        first * corners[i * 2 + axis]! + second * corners[j * 2 + axis]! + third * corners[k * 2 + axis]!;
    return inside;
  }

  #own(x: number, y: number): Point {
    const { x: ax, y: ay } = this.#along;
    const [dx, dy] = [x - this.#origin.x, y - this.#origin.y];
    return { x: dx * ax + dy * ay, y: dx * ay - dy * ax };
  }

  #crop({ x, y }: Point): Point {
    const { x: ax, y: ay } = this.#along;
    return { x: this.#origin.x + x * ax + y * ay, y: this.#origin.y + x * ay - y * ax };
  }
}
