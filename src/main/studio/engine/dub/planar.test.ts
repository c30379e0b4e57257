import { describe, expect, it } from 'vitest';
import { colourAt, PlanarCompositor, type PlanarPicture } from './planar.ts';

function grey(width: number, height: number): PlanarPicture {
  const planes = new Uint8Array(width * height * 1.5).fill(128);
  return { width, height, planes };
}

/** Red of the given weight everywhere. */
function redLayer(weight: number): Float32Array {
  const layer = new Float32Array(256 * 256 * 4);
  for (let at = 0; at < layer.length; at += 4) {
    layer[at] = 255 * weight;
    layer[at + 3] = weight;
  }
  return layer;
}

const inside = { left: 0, top: 0, width: 400, height: 400 };

describe('a layer over a planar picture', () => {
  it('has the colours of BT.709 in limited range', () => {
    const picture = grey(64, 48);
    new PlanarCompositor().over(picture, redLayer(1), -8, -8, 256 / 100, inside);
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
    new PlanarCompositor().over(picture, redLayer(0.5), 20, 10, 256 / 16, inside);
    const { planes } = picture;
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 64; x++) {
        const covered = x >= 20 && x < 36 && y >= 10 && y < 26;
        expect(planes[y * 64 + x]).toBe(covered ? 95 : 128); // halfway from 128 to 62.56
        const chroma = planes[64 * 48 + (y >> 1) * 32 + (x >> 1)]!;
        // chroma of half the size reaches over the edge
        const blended = !covered && x >= 18 && x <= 37 && y >= 8 && y <= 27;
        const wanted = covered ? 115 : 128;
        expect(blended || chroma === wanted, `chroma ${chroma} at ${x}, ${y}`).toBe(true);
      }
    }
  });

  it('changes nothing where it weighs nothing', () => {
    const picture = grey(64, 48);
    new PlanarCompositor().over(picture, redLayer(0), 0, 0, 4, inside);
    expect(picture.planes.every((level) => level === 128)).toBe(true);
  });
});
