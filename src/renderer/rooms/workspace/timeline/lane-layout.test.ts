import { expect, test } from 'vitest';
import { layOut, leastHeight } from './lane-layout.ts';

test('a row of sounds never gets lower than one: with more of them the lanes grow', () => {
  for (const rows of [1, 2, 5]) {
    const { sound, pitch, mouth } = layOut(leastHeight(rows), rows);
    expect(sound.height / rows).toBeGreaterThanOrEqual(40);
    expect(pitch.top).toBeGreaterThanOrEqual(sound.top + sound.height); // a line of its own, over no clip
    expect(mouth.top + mouth.height).toBeLessThanOrEqual(leastHeight(rows));
  }
});

test('what there is more is shared out, to the last pixel but the rounding', () => {
  const { film, mouth } = layOut(500, 1);
  expect(film.height).toBeGreaterThan(100);
  expect(mouth.top + mouth.height).toBeGreaterThan(490);
});

test('lanes of keyframes lie between the sounds and what is measured of them, open ones higher', () => {
  const keyed = [
    { name: 'head.yaw', open: false },
    { name: 'face.smile', open: true },
  ] as const;
  const { sound, pitch, mouth, keyed: places } = layOut(leastHeight(1, keyed), 1, keyed);
  const [yaw, smile] = places;
  expect(yaw!.top).toBeGreaterThanOrEqual(sound.top + sound.height);
  expect(smile!.top).toBeGreaterThanOrEqual(yaw!.top + yaw!.height);
  expect(pitch.top).toBeGreaterThanOrEqual(smile!.top + smile!.height);
  expect(smile!.height).toBeGreaterThan(2 * yaw!.height);
  expect(mouth.top + mouth.height).toBeLessThanOrEqual(leastHeight(1, keyed));
});
