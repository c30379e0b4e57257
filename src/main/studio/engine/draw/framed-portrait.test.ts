import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY } from '../bundles.fixture.ts';
import { Backdrop, blurred } from './backdrop.ts';
import { type Avatar, type Behind, controlOf, Framing, openAvatar, type PortraitPicture } from '../index.ts';

const ROWS = 90;
let avatar: Avatar;
beforeAll(async () => {
  avatar = await openAvatar(TINY, { graph: 'best', threads: 1 });
});
afterAll(() => avatar.close());

const GREEN = [0, 200, 40, 255];

function draw(aspect: number | null, behind: Behind): Promise<PortraitPicture> {
  const { rig, idle, manifest } = avatar;
  const { width, height } = new Framing(rig, idle, manifest.source, aspect).size(ROWS);
  const into = Uint8Array.from({ length: width * height * 4 }, (_, k) => GREEN[k & 3]!);
  return avatar.drawPortrait(controlOf(idle, 3), { height: ROWS, frame: { aspect, behind }, into });
}

const pixel = ({ width, pixels }: PortraitPicture, x: number, y: number) => [
  ...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];

describe('a portrait in a frame', () => {
  it.each([
    [16 / 9, 160],
    [9 / 16, 50],
    [1, 90],
    [4 / 5, 72],
  ])('of %f has its shape, its foot where the person’s is, and the head in the middle', async (aspect, width) => {
    const framed = await draw(aspect, 'own');
    const own = await avatar.drawPortrait(controlOf(avatar.idle, 3), { height: ROWS });
    expect([framed.width, framed.height]).toEqual([width, ROWS]);
    expect(framed.view.y0 + framed.view.height).toBeCloseTo(own.view.y0 + own.view.height);
    expect(framed.view.width / framed.view.height).toBeCloseTo(aspect, 1);
    const seen = await draw(aspect, 'none');
    const columns = Array.from({ length: width }, (_, x) =>
      Array.from({ length: ROWS / 2 }, (_, y) => pixel(seen, x, y)[3]!).reduce((sum, alpha) => sum + alpha, 0),
    );
    const middle = columns.reduce((sum, alpha, x) => sum + alpha * (x + 0.5), 0) / columns.reduce((a, b) => a + b, 0);
    expect(Math.abs(middle / width - 0.5)).toBeLessThan(0.06);
  });

  it('of its own shape over its own background is the plain portrait', async () => {
    const [framed, plain] = [
      await draw(null, 'own'),
      await avatar.drawPortrait(controlOf(avatar.idle, 3), { height: ROWS }),
    ];
    expect(Buffer.compare(framed.pixels, plain.pixels)).toBe(0);
  });

  it('lies over what is given as it does over nothing, and leaves the rest of that as it is', async () => {
    const [given, bare] = [await draw(16 / 9, 'given'), await draw(16 / 9, 'none')];
    let worst = 0;
    for (let k = 0; k < bare.pixels.length; k += 4) {
      const share = bare.pixels[k + 3]! / 255;
      for (let c = 0; c < 3; c++) {
        const expected = bare.pixels[k + c]! * share + GREEN[c]! * (1 - share);
        worst = Math.max(worst, Math.abs(given.pixels[k + c]! - expected));
      }
    }
    expect(worst).toBeLessThanOrEqual(1);
    expect(pixel(given, 0, 0)).toEqual(GREEN);
    expect(pixel(bare, 0, 0)[3]).toBe(0);
  });

  it('ends round where it is known no further', async () => {
    const { width, height, pixels } = await draw(16 / 9, 'none');
    const leftmost = (y: number): number => {
      for (let x = 0; x < width; x++) if (pixels[(y * width + x) * 4 + 3]! > 127) return x;
      return width;
    };
    const rows = Array.from({ length: 20 }, (_, k) => leftmost(height - 1 - k));
    expect(rows[0]!).toBeGreaterThan(4); // there is more beside it
    expect(rows.toSorted((a, b) => a - b)).toEqual(rows); // ever further in, from the foot up
  });
});

describe('a backdrop', () => {
  /** Black on its left half, white on its right. */
  const plate = {
    width: 64,
    height: 64,
    pixels: Uint8Array.from({ length: 64 * 64 * 4 }, (_, k) => (k % 4 === 3 || (k >> 2) % 64 >= 32 ? 255 : 0)),
  };
  const row = (pixels: Uint8Array): number[] => Array.from({ length: pixels.length / 4 }, (_, x) => pixels[x * 4]!);

  it('goes on beyond its plate as that in a mirror', () => {
    const backdrop = new Backdrop({ plate, scale: 1 }, { width: 16, height: 1 }, false);
    const shown = row(backdrop.of({ x0: -64, y0: 10, width: 256, height: 16 }));
    expect(shown.map((value) => (value > 127 ? 'w' : 'b')).join('')).toBe('wwbbbbwwwwbbbbww');
  });

  it('that is blurred goes smoothly from one to the other', () => {
    const backdrop = new Backdrop(blurred(plate), { width: 64, height: 1 }, true);
    const shown = row(backdrop.of({ x0: 0, y0: 10, width: 64, height: 16 }));
    expect(shown.toSorted((a, b) => a - b)).toEqual(shown);
    expect([shown[2], shown[61]]).toEqual([0, 255]);
    expect(new Set(shown).size).toBeGreaterThan(15);
  });
});
