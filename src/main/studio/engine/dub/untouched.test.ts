import { afterAll, beforeAll, expect, it } from 'vitest';
import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { TINY } from '../bundles.fixture.ts';
import { type Avatar, type Control, controlOf, openAvatar } from '../index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { Proxies } from '../draw/index.ts';

const MARGIN = 0.12; // of the face's height: the ramp, and what a moved chin adds

let avatar: Avatar;
beforeAll(async () => void (avatar = await openAvatar(TINY, { threads: 1 })));
afterAll(() => avatar.close());

/** A picture of noise: whatever is touched shows. */
function noise(zoom: number, seed: number): Uint8Array {
  const { width, height } = sizeAt(zoom);
  const random = new SeededRandom(seed);
  return Uint8Array.from({ length: width * height * 1.5 }, () => 16 + 220 * random.next());
}

function sizeAt(zoom: number): { width: number; height: number } {
  const { width, height } = avatar.manifest.source;
  return { width: 2 * Math.round((width * zoom) / 2), height: 2 * Math.round((height * zoom) / 2) };
}

/** The box, in picture pixels, of the meshes of both faces. */
function facesIn(
  controls: readonly Control[],
  zoom: number,
): { left: number; top: number; right: number; bottom: number } {
  const proxies = new Proxies(avatar.rig, avatar.idle.torsoPose);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const control of controls) {
    proxies.place(control);
    const [x0, y0, side] = control.crop as unknown as [number, number, number];
    for (let vertex = 0; vertex < 468; vertex++) {
      const x = (x0 + (proxies.screen[vertex * 3]! / CROP_SIDE) * side) * zoom;
      const y = (y0 + (proxies.screen[vertex * 3 + 1]! / CROP_SIDE) * side) * zoom;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box;
}

it.each([
  ['at the size of the source', 1],
  ['at half the size', 0.5],
  ['enlarged', 1.5],
])('a dub leaves what is not the face as it was, to the bit: %s', async (_, zoom) => {
  const { width, height } = sizeAt(zoom);
  for (const frame of [0, 3, 7]) {
    const source = controlOf(avatar.idle, frame);
    const driven = { ...source, expression: controlOf(avatar.idle, frame + 5).expression };
    const planes = noise(zoom, frame);
    const done = await avatar.dub({
      picture: { width, height, planes },
      zoom,
      driven,
      source,
      opacity: 1,
      seconds: 0.04,
    });
    const before = noise(zoom, frame);
    const box = facesIn([source, driven], zoom);
    const margin = MARGIN * (box.bottom - box.top) + 2;
    let [changed, beside] = [0, 0];
    for (let plane = 0, at = 0; plane < 3; plane++) {
      const step = plane === 0 ? 1 : 2;
      for (let y = 0; y < height; y += step) {
        for (let x = 0; x < width; x += step, at++) {
          if (done.planes[at] === before[at]) continue;
          changed += 1;
          const inside =
            x > box.left - margin && x < box.right + margin && y > box.top - margin && y < box.bottom + margin;
          if (!inside) beside += 1;
        }
      }
    }
    expect(changed).toBeGreaterThan(100);
    expect(beside).toBe(0);
  }
});
