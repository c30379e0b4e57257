import { describe, expect, it } from 'vitest';
import { colourAt, PlanarCompositor, type PlanarPicture } from './planar.ts';

function grey(width: number, height: number): PlanarPicture {
  const planes = new Uint8Array(width * height * 1.5).fill(128);
  return { width, height, planes };
}

/** Red of the given weight on so many pixels. */
function redLayer(weight: number, width: number, height: number): Float32Array {
  const layer = new Float32Array(width * height * 4);
  for (let at = 0; at < layer.length; at += 4) {
    layer[at] = 255 * weight;
    layer[at + 3] = weight;
  }
  return layer;
}

const all = { left: 0, top: 0, width: 64, height: 48 };

describe('a layer over a planar picture', () => {
  it('has the colours of BT.709 in limited range', () => {
    const picture = grey(64, 48);
    new PlanarCompositor().over(picture, redLayer(1, 64, 48), all);
    expect([...new Set(picture.planes.subarray(0, 64 * 48))]).toEqual([63]); // 16 + 219 * 0.2126
    // 128 - 224 * 0.2126 / 1.8556
    expect([...new Set(picture.planes.subarray(64 * 48, 64 * 48 * 1.25))]).toEqual([102]);
    expect([...new Set(picture.planes.subarray(64 * 48 * 1.25))]).toEqual([240]);
    const colour = new Float64Array(3);
    colourAt(picture, 10, 11, colour);
    expect(Math.abs(colour[0]! - 255)).toBeLessThan(2); // levels are whole numbers
    expect(Math.abs(colour[1]!)).toBeLessThan(2);
    expect(Math.abs(colour[2]!)).toBeLessThan(2);
  });

  it('leaves what is outside it as it was, to the bit', () => {
    const picture = grey(64, 48);
    new PlanarCompositor().over(picture, redLayer(0.5, 16, 16), { left: 20, top: 10, width: 16, height: 16 });
    const { planes } = picture;
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 64; x++) {
        const covered = x >= 20 && x < 36 && y >= 10 && y < 26;
        expect(planes[y * 64 + x]).toBe(covered ? 95 : 128); // halfway from 128 to 62.56
        expect(planes[64 * 48 + (y >> 1) * 32 + (x >> 1)]).toBe(covered ? 115 : 128);
      }
    }
  });

  it('has chroma that lies on even columns, between two rows', () => {
    const picture = grey(64, 48);
    const layer = redLayer(0, 64, 48);
    layer.set([255, 0, 0, 1], (11 * 64 + 20) * 4); // on a sample's column
    layer.set([255, 0, 0, 1], (31 * 64 + 41) * 4); // between two
    new PlanarCompositor().over(picture, layer, all);
    const v = picture.planes.subarray(64 * 48 * 1.25);
    expect(v[5 * 32 + 10]).toBe(156); // a quarter of the way from 128 to 240
    expect([v[5 * 32 + 9], v[5 * 32 + 11], v[4 * 32 + 10], v[6 * 32 + 10]]).toEqual([128, 128, 128, 128]);
    expect([v[15 * 32 + 20], v[15 * 32 + 21]]).toEqual([142, 142]); // an eighth each
  });

  it('changes nothing where it weighs nothing', () => {
    const picture = grey(64, 48);
    new PlanarCompositor().over(picture, redLayer(0, 64, 48), all);
    expect(picture.planes.every((level) => level === 128)).toBe(true);
  });
});
