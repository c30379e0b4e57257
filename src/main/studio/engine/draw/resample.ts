import type { Picture } from './crop-layer.ts';

/** Part of the source picture, in source pixels. */
export interface View {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
}

/** Samples a pixel, along a side: a picture of 128 lines from one of 4096. */
const MOST_SAMPLES = 32;
const COLOURS = 3;

/**
 * Parts of a picture at other sizes: bilinear, several samples a pixel when it shrinks; edges repeat. Samples lie on a
 * grid, so that columns and rows are blended one after the other. Buffers are kept between pictures.
 */
export class Resampler {
  readonly #columns = new Blend();
  readonly #rows = new Blend();
  #line = new Float32Array(0); // of the picture's columns, blended of its rows

  /** `view` of a picture as opaque RGBA [height,width,4], into `out`. */
  resample({ pixels, ...size }: Picture, view: View, width: number, height: number, out: Uint8Array): void {
    const samples = Math.min(Math.max(1, Math.ceil(view.height / height)), MOST_SAMPLES);
    const columns = this.#columns;
    const rows = this.#rows;
    columns.place(view.x0, view.width, width, samples, size.width);
    rows.place(view.y0, view.height, height, samples, size.height);
    const [from, past] = [columns.first[0]!, columns.first[width - 1]! + columns.most];
    if (this.#line.length < size.width * COLOURS) this.#line = new Float32Array(size.width * COLOURS);
    const line = this.#line;
    for (let y = 0, at = 0; y < height; y++) {
      line.fill(0, from * COLOURS, past * COLOURS);
      for (let tap = 0; tap < rows.most; tap++) {
        const share = rows.weight[y * rows.most + tap]!;
        if (share === 0) continue;
        let k = ((rows.first[y]! + tap) * size.width + from) * 4;
        for (let i = from * COLOURS; i < past * COLOURS; i += COLOURS, k += 4) {
          line[i] = line[i]! + share * pixels[k]!;
          line[i + 1] = line[i + 1]! + share * pixels[k + 1]!;
          line[i + 2] = line[i + 2]! + share * pixels[k + 2]!;
        }
      }
      for (let x = 0; x < width; x++, at += 4) {
        let [r, g, b] = [0.5, 0.5, 0.5];
        let i = columns.first[x]! * COLOURS;
        for (let tap = x * columns.most; tap < (x + 1) * columns.most; tap++, i += COLOURS) {
          const share = columns.weight[tap]!;
          r += share * line[i]!;
          g += share * line[i + 1]!;
          b += share * line[i + 2]!;
        }
        out[at] = r;
        out[at + 1] = g;
        out[at + 2] = b;
        out[at + 3] = 255;
      }
    }
  }
}

/** Of which old pixels along one axis each new one is blended, and how much of each. */
class Blend {
  /** Old pixels that one is blended of, at most. */
  most = 0;
  first = new Int32Array(0); // [count]
  weight = new Float32Array(0); // [count,most], from the first on

  /** Of `count` new pixels of so many samples over a length of the old ones from `begin` on; there are `limit`. */
  place(begin: number, length: number, count: number, samples: number, limit: number): void {
    const most = Math.min(limit, Math.ceil((length / count) * ((samples - 1) / samples)) + 2);
    this.most = most;
    if (this.first.length < count) this.first = new Int32Array(count);
    if (this.weight.length < count * most) this.weight = new Float32Array(count * most);
    this.weight.fill(0);
    const last = limit - 1;
    for (let pixel = 0; pixel < count; pixel++) {
      const positionOf = (sample: number): number => {
        const position = begin + ((pixel + (sample + 0.5) / samples) / count) * length - 0.5;
        return Math.min(Math.max(position, 0), last);
      };
      const first = Math.min(Math.floor(positionOf(0)), limit - most);
      this.first[pixel] = first;
      for (let sample = 0; sample < samples; sample++) {
        const position = positionOf(sample);
        const base = Math.floor(position);
        const share = position - base;
        const at = pixel * most + base - first;
        this.weight[at] = this.weight[at]! + (1 - share) / samples;
        if (share > 0) this.weight[at + 1] = this.weight[at + 1]! + share / samples;
      }
    }
  }
}
