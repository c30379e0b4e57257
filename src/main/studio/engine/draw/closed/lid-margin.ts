/** The edge of a lid, by an eye's own directions: along from corner to corner, and up. */
export class LidMargin {
  readonly first: number;
  readonly last: number;
  readonly #vertices: readonly number[];
  readonly #along: Float64Array;
  readonly #up: Float64Array;
  readonly #depth: Float64Array;

  /** From corner to corner. */
  constructor(vertices: readonly number[]) {
    this.#vertices = vertices;
    this.first = vertices[0]!;
    this.last = vertices.at(-1)!;
    this.#along = new Float64Array(vertices.length);
    this.#up = new Float64Array(vertices.length);
    this.#depth = new Float64Array(vertices.length);
  }

  /** Of `screen` [V,3]; `own` gives a point's own directions. */
  pose(screen: Float32Array, own: (x: number, y: number) => { readonly x: number; readonly y: number }): void {
    this.#vertices.forEach((vertex, n) => {
      const { x, y } = own(screen[vertex * 3]!, screen[vertex * 3 + 1]!);
      this.#along[n] = x;
      this.#up[n] = y;
      this.#depth[n] = screen[vertex * 3 + 2]!;
    });
  }

  /** How far up it is. */
  at(along: number): number {
    return this.#between(this.#up, along);
  }

  depthAt(along: number): number {
    return this.#between(this.#depth, along);
  }

  get highest(): number {
    return Math.max(...this.#up);
  }

  get lowest(): number {
    return Math.min(...this.#up);
  }

  #between(values: Float64Array, along: number): number {
    const places = this.#along;
    let n = 0;
    while (n < places.length - 2 && places[n + 1]! < along) n++;
    const [from, to] = [places[n]!, places[n + 1]!];
    const share = to > from ? Math.min(Math.max((along - from) / (to - from), 0), 1) : 0;
    return values[n]! * (1 - share) + values[n + 1]! * share;
  }
}
