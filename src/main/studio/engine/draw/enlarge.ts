import { addressOf, kernelFloats, kernelInts, kernels } from '../kernels/index.ts';

/** Of which pixels along one axis each new one is blended, and how much of each. */
export class Taps {
  readonly count: number;
  #length = 0;
  #first = kernelInts([]); // [length * count]
  #weight = kernelFloats(0); // [length * count]

  constructor(count: number) {
    this.count = count;
  }

  /** For each of `length` new pixels the position of its centre, in old pixels from the first's; `most` is the last. */
  place(length: number, positionOf: (pixel: number) => number, most: number, weightAt: (away: number) => number): void {
    const { count } = this;
    if (this.#first.length < length * count) {
      this.#first = kernelInts(new Int32Array(length * count));
      this.#weight = kernelFloats(length * count);
    }
    this.#length = length;
    for (let pixel = 0, k = 0; pixel < length; pixel++) {
      const position = positionOf(pixel);
      const base = Math.floor(position);
      for (let tap = 0; tap < count; tap++, k++) {
        const offset = tap + 1 - count / 2;
        this.#first[k] = Math.min(Math.max(base + offset, 0), most);
        this.#weight[k] = weightAt(Math.abs(position - base - offset));
      }
    }
  }

  get length(): number {
    return this.#length;
  }

  /** The old pixels that are blended, from the first to the last. */
  get reach(): readonly [number, number] {
    const last = this.#length * this.count;
    return last === 0 ? [0, -1] : [this.#first[0]!, this.#first[last - 1]!];
  }

  /** Where the kernels find what new pixel `pixel` is blended of. */
  at(pixel: number): readonly [first: number, weight: number] {
    const skipped = pixel * this.count * 4;
    return [addressOf(this.#first) + skipped, addressOf(this.#weight) + skipped];
  }
}

/** Pictures of four floats a pixel at other sizes. Buffers are kept between frames. */
export class Enlarger {
  #stretched = kernelFloats(0); // the picture's rows, as long as the new ones
  #line = kernelFloats(0);

  /** `picture` [.,side,4] at `rows` and `columns`; `take` gets each row [columns,4], valid until the next. */
  enlarge(
    picture: Float32Array,
    side: number,
    columns: Taps,
    rows: Taps,
    take: (line: Float32Array, row: number) => void,
  ): void {
    const samples = columns.length * 4;
    const stretched = this.#stretch(picture, side, columns, rows);
    if (this.#line.length !== samples) this.#line = kernelFloats(samples);
    const line = addressOf(this.#line);
    for (let row = 0; row < rows.length; row++) {
      kernels.blendRows(stretched, ...rows.at(row), rows.count, columns.length, line);
      take(this.#line, row);
    }
  }

  /**
   * A square `picture` [side,side,4] at `place` across as down, four taps each, added to `base`, into `out`, both of
   * the kernels' and of the new size; only within `spans`.
   */
  enlargeOnto(
    picture: Float32Array,
    side: number,
    place: Taps,
    spans: Int32Array,
    base: Float32Array,
    out: Float32Array,
  ): void {
    const line = place.length * 16;
    const stretched = this.#stretch(picture, side, place, place);
    for (let row = 0; row < place.length; row++) {
      const first = spans[row * 2]! * 16;
      const columns = spans[row * 2 + 1]! - spans[row * 2]!;
      const at = row * line + first;
      if (columns > 0)
        kernels.blendOnto(
          stretched + first,
          line,
          ...place.at(row),
          columns,
          addressOf(base) + at,
          addressOf(out) + at,
        );
    }
  }

  /** The address of the picture's rows, as long as the new ones. */
  #stretch(picture: Float32Array, side: number, columns: Taps, rows: Taps): number {
    const samples = columns.length * 4;
    const [from, to] = rows.reach;
    if (this.#stretched.length < (to + 1) * samples) this.#stretched = kernelFloats((to + 1) * samples);
    const [stretched, old] = [addressOf(this.#stretched), addressOf(picture)];
    for (let row = from; row <= to; row++)
      kernels.stretch(
        old + row * side * 16,
        ...columns.at(0),
        columns.count,
        columns.length,
        stretched + row * samples * 4,
      );
    return stretched;
  }
}
