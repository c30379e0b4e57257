import { expect, it } from 'vitest';
import { SeededRandom } from '../numbers/random.ts';
import { Film } from './film.ts';
import { GrainMatch, grainOf } from './grain.ts';
import { PlanarCompositor, type PlanarPicture } from './planar.ts';
import type { Place } from './upper-face.ts';

const WIDTH = 160;
const HEIGHT = 120;
const places: Place[] = [];
for (let y = 30; y < 90; y += 3) for (let x = 40; x < 120; x += 3) places.push({ x, y });

/** Grey with noise, a step of 60 levels down the middle. */
function filmed(spread: number): PlanarPicture {
  const random = new SeededRandom(5);
  const planes = new Uint8Array(WIDTH * HEIGHT * 1.5).fill(128);
  for (let at = 0; at < WIDTH * HEIGHT; at++)
    planes[at] = Math.round((at % WIDTH < WIDTH / 2 ? 90 : 150) + spread * random.normal());
  return { width: WIDTH, height: HEIGHT, planes };
}

/** Plain grey over the middle. */
const middle = { left: 30, top: 20, width: 100, height: 80 };
const plain = new Float32Array(100 * 80 * 4);
for (let at = 0; at < plain.length; at += 4) plain.set([120, 120, 120, 1], at);

it.each([0, 2, 5])('noise of %d levels is measured, whatever edges there are', (spread) => {
  expect(Math.abs(grainOf(filmed(spread), places)! - spread)).toBeLessThan(0.15 * spread + 0.1);
});

it.each([2, 5])('what is drawn gets the grain of the film, and nothing beside it changes: %d levels', (spread) => {
  const compositor = new PlanarCompositor();
  const grain = new GrainMatch();
  const { grain: kept } = new Film();
  let picture = filmed(spread);
  for (let frame = 0; frame < 3; frame++) {
    picture = filmed(spread);
    const before = grainOf(picture, places);
    compositor.over(picture, plain, middle);
    const rows = grain.follow(kept, [before!, grainOf(picture, places)!], 0.04, middle.height);
    expect(rows).toBe(frame * middle.height);
    compositor.grain(picture, plain, middle, grain.missing, new SeededRandom(0, rows));
  }
  expect(Math.abs(grainOf(picture, places)! - spread)).toBeLessThan(0.15 * spread);
  const source = filmed(spread);
  const beside = [...source.planes.keys()].filter((at) => {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    return at < WIDTH * HEIGHT && (x < 30 || x >= 130 || y < 20 || y >= 100);
  });
  expect(beside.filter((at) => picture.planes[at] !== source.planes[at])).toEqual([]);
});

it('a film without grain gets none', () => {
  const grain = new GrainMatch();
  const picture = filmed(0);
  grain.follow(new Film().grain, [grainOf(picture, places)!, 0], 0.04, 80);
  expect(grain.missing).toBe(0);
});
