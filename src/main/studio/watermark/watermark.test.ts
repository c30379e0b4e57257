import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../engine/index.ts';
import { Fourier } from './fourier.ts';
import { CODED_BITS, encode, find, type Message, type Plane, Watermark, whitened } from './index.ts';
import { decode } from './message.ts';
import { blurred } from './plane.ts';

const MESSAGE: Message = { version: 1, avatar: '3fa09c1d7' };

describe('a message', () => {
  it('comes back as it was said, also with a seventh of its bits turned', () => {
    const random = new SeededRandom(1);
    const coded = encode(MESSAGE);
    expect(coded).toHaveLength(CODED_BITS);
    expect(decode(Float32Array.from(coded))).toEqual(MESSAGE);
    expect(decode(Float32Array.from(coded, (sign) => (random.next() < 0.14 ? -sign : sign)))).toEqual(MESSAGE);
  });

  it('is none in noise, or in nothing', () => {
    const random = new SeededRandom(2);
    for (let k = 0; k < 40; k++)
      expect(decode(Float32Array.from({ length: CODED_BITS }, () => random.normal()))).toBeNull();
    expect(decode(new Float32Array(CODED_BITS))).toBeNull();
  });
});

it('a transform is the sum that defines it, and its inverse brings the picture back', () => {
  const side = 4;
  const random = new SeededRandom(3);
  const picture = Float64Array.from({ length: side * side }, () => random.normal());
  const spectrum = { real: picture.slice(), imaginary: new Float64Array(side * side) };
  const fourier = new Fourier(side);
  fourier.transform(spectrum);
  // of frequency 1 across, 3 down
  const turn = (x: number, y: number): number => (-2 * Math.PI * (x * 1 + y * 3)) / side;
  let [real, imaginary] = [0, 0];
  picture.forEach((value, at) => {
    real += value * Math.cos(turn(at % side, Math.floor(at / side)));
    imaginary += value * Math.sin(turn(at % side, Math.floor(at / side)));
  });
  expect(spectrum.real[3 * side + 1]).toBeCloseTo(real);
  expect(spectrum.imaginary[3 * side + 1]).toBeCloseTo(imaginary);
  fourier.transform(spectrum, true);
  spectrum.real.forEach((value, at) => expect(value / side ** 2).toBeCloseTo(picture[at]!));
});

const SIDE = 400;

/** Something like a picture: patches of all sizes, in grey. */
function drawn(seed: number): Uint8Array {
  const random = new SeededRandom(seed);
  const luma = new Float32Array(SIDE * SIDE).fill(120);
  for (const [radius, levels] of [
    [40, 1200],
    [12, 260],
    [3, 25],
  ] as const) {
    const noise = Float32Array.from(luma, () => random.normal());
    const { values } = blurred({ width: SIDE, height: SIDE, values: noise }, radius);
    values.forEach((value, at) => (luma[at] = luma[at]! + value * levels));
  }
  return Uint8Array.from(luma, (level) => Math.max(16, Math.min(235, Math.round(level))));
}

function marked(seed: number): Uint8Array {
  const planes = new Uint8Array(SIDE * SIDE * 1.5).fill(128);
  planes.set(drawn(seed));
  new Watermark({ width: SIDE, height: SIDE }, MESSAGE).lay(planes, 'yuv420p');
  expect(planes.subarray(SIDE * SIDE).every((chroma) => chroma === 128)).toBe(true);
  return planes.subarray(0, SIDE * SIDE);
}

const plane = (pixels: Uint8Array): Plane => ({ width: SIDE, height: SIDE, values: Float32Array.from(pixels) });

/** A part from `left` and `top` on, each pixel of it the mean of `step` by `step`. */
function part(pixels: Uint8Array, left: number, top: number, side: number, step: number): Plane {
  const [width, height] = [side / step, side / step];
  const values = Float32Array.from({ length: width * height }, (_, at) => {
    let sum = 0;
    for (let y = 0; y < step; y++)
      for (let x = 0; x < step; x++)
        sum += pixels[(top + Math.floor(at / width) * step + y) * SIDE + left + (at % width) * step + x]!;
    return sum / step ** 2;
  });
  return { width, height, values };
}

describe('a picture', () => {
  it('with a watermark differs by 44 dB or more, and says what was laid into it', async () => {
    const [before, after] = [drawn(4), marked(4)];
    const squares = after.reduce((sum, level, at) => sum + (level - before[at]!) ** 2, 0) / after.length;
    expect(squares).toBeGreaterThan(0.1);
    expect(10 * Math.log10(255 ** 2 / squares)).toBeGreaterThan(44);
    const { message, score, scale } = await find(whitened(plane(after)));
    expect(message).toEqual(MESSAGE);
    expect(score).toBeGreaterThan(9);
    expect(scale).toBeCloseTo(1, 1);
  });

  it('says it cut to three quarters, and at half its size', async () => {
    const pixels = marked(5);
    const cut = await find(whitened(part(pixels, 61, 23, 300, 1)));
    expect(cut.message).toEqual(MESSAGE);
    expect(cut.scale).toBeCloseTo(4 / 3, 1);
    expect((await find(whitened(part(pixels, 0, 0, 400, 2)))).message).toEqual(MESSAGE);
  });

  it('says it where most of it is smoother than any noise, as behind a title', async () => {
    const ramp = (at: number): number => 90 + (at % SIDE) * 0.1 + Math.floor(at / SIDE) * 0.03;
    const pixels = marked(7);
    const values = Float32Array.from(pixels, (level, at) => (at < 0.4 * pixels.length ? level : ramp(at)));
    const found = await find(whitened({ width: SIDE, height: SIDE, values }));
    expect(found.message).toEqual(MESSAGE);
    const smooth = { width: SIDE, height: SIDE, values: values.map((_, at) => ramp(at)) };
    expect(whitened(smooth).values.every(Number.isFinite)).toBe(true);
  });

  it('without one shows none, nor do stripes or nothing at all', async () => {
    const stripes = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => ((at % SIDE) % 8 < 4 ? 60 : 180));
    for (const pixels of [drawn(6), stripes, new Uint8Array(SIDE * SIDE).fill(90)]) {
      const { message, score } = await find(whitened(plane(pixels)));
      expect(message).toBeNull();
      expect(score).toBeLessThan(6);
    }
  });
});

it('a small picture, whose chips lose more to codecs, carries a stronger one; never more than a third', () => {
  const power = (side: number): number => {
    const grey = new Uint8Array(side * side * 1.5).fill(100);
    new Watermark({ width: side, height: side }, MESSAGE).lay(grey, 'yuv420p');
    return grey.subarray(0, side * side).reduce((sum, level) => sum + (level - 100) ** 2, 0) / side ** 2;
  };
  const [large, usual, small] = [power(960), power(480), power(240)];
  expect(usual / large).toBeCloseTo(1, 1);
  expect(Math.sqrt(small / usual)).toBeGreaterThan(1.15);
  expect(Math.sqrt(small / usual)).toBeLessThan(1.35);
});

it('colours of RGBA change alike, as much as luma does, and alpha not at all', () => {
  const size = { width: 220, height: 210 };
  const count = size.width * size.height;
  const flat = new Uint8Array(count * 4).fill(100);
  for (let at = 3; at < flat.length; at += 4) flat[at] = at % 251;
  const planes = new Uint8Array(count * 1.5).fill(100);
  const watermark = new Watermark(size, MESSAGE);
  const colours = flat.slice();
  watermark.lay(colours, 'rgba');
  watermark.lay(planes, 'yuv420p');
  const wanted = Uint8Array.from(flat, (level, at) => (at % 4 === 3 ? level : planes[at >> 2]!));
  expect(colours).toEqual(wanted);
  expect(new Set(planes.subarray(0, count)).size).toBeGreaterThan(2);
});
