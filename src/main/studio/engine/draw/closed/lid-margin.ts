/** Places along an eye at which its lids are known; between them they are straight. */
const PLACES = 64;

/** The edge of a lid, by an eye's own directions: along from corner to corner, and up. */
export class LidMargin {
  readonly first: number;
  readonly last: number;
  readonly #vertices: readonly number[];
  readonly #along: Float64Array; // of the vertices
  readonly #up = new Float64Array(PLACES + 1);
  readonly #depth = new Float64Array(PLACES + 1);
  #perPixel = 0; // places

  /** From corner to corner. */
  constructor(vertices: readonly number[]) {
    this.#vertices = vertices;
    this.first = vertices[0]!;
    this.last = vertices.at(-1)!;
    this.#along = new Float64Array(vertices.length);
  }

  /** Of `screen` [V,3], `width` from corner to corner; `own` gives a point's own directions. */
  pose(
    screen: Float32Array,
    width: number,
    own: (x: number, y: number) => { readonly x: number; readonly y: number },
  ): void {
    const points = this.#vertices.map((vertex) => own(screen[vertex * 3]!, screen[vertex * 3 + 1]!));
    points.forEach(({ x }, n) => (this.#along[n] = x));
    this.#perPixel = PLACES / width;
    for (let place = 0, n = 0; place <= PLACES; place++) {
      const along = place / this.#perPixel;
      while (n < points.length - 2 && this.#along[n + 1]! < along) n++;
      const [from, to] = [this.#along[n]!, this.#along[n + 1]!];
      const share = to > from ? Math.min(Math.max((along - from) / (to - from), 0), 1) : 0;
      const depth = (vertex: number): number => screen[this.#vertices[vertex]! * 3 + 2]!;
      this.#up[place] = points[n]!.y * (1 - share) + points[n + 1]!.y * share;
      this.#depth[place] = depth(n) * (1 - share) + depth(n + 1) * share;
    }
  }

  /** How far up it is. */
  at(along: number): number {
    const place = Math.min(Math.max(along * this.#perPixel, 0), PLACES);
    const below = Math.min(Math.floor(place), PLACES - 1);
    return this.#up[below]! + (this.#up[below + 1]! - this.#up[below]!) * (place - below);
  }

  /** Cm from the camera; of the nearest place. */
  depthAt(along: number): number {
    return this.#depth[Math.min(Math.max(Math.round(along * this.#perPixel), 0), PLACES)]!;
  }

  get highest(): number {
    return Math.max(...this.#up);
  }

  get lowest(): number {
    return Math.min(...this.#up);
  }
}
