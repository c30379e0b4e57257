import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../../../shared/binary/index.ts';
import { broughtInto, movementAt } from './extent.ts';
import {
  BLINKS,
  FILMED_SECONDS,
  filmedFile,
  filmedTrack,
  REACH,
  theirHead,
  theirSmile,
  USUAL,
} from './filmed.fixture.ts';
import { filmedPerson } from './filmed-person.ts';
import { FPS } from './person.fixture.ts';

const person = filmedPerson(parseSafetensors(filmedFile()));

describe('somebody in a video', () => {
  it('is told in angles, centimetres and moments, from the first picture on', () => {
    expect([person.from, person.to]).toEqual([0, expect.closeTo(FILMED_SECONDS - 1 / FPS, 6)]);
    for (const axis of ['yaw', 'pitch', 'roll'] as const) {
      const { [axis]: movement } = person.head;
      expect(movementAt(movement, 2.4)).toBeCloseTo(theirHead(2.4)[axis], 2);
      expect(movement.above + movement.below).toBeGreaterThan(1.9 * REACH[axis]);
    }
    expect(person.head.yaw.usual).toBeCloseTo(USUAL.yaw, -1);
    const { smile } = person.face;
    const [high, low] = [1, 3].map((at) => movementAt(smile, at)) as [number, number];
    expect(high - low).toBeCloseTo(theirSmile(1) - theirSmile(3), 1);
  });

  it('blinks when they do, and their gaze goes on meanwhile as before and after', () => {
    expect(person.blinks).toEqual(BLINKS.map((at) => expect.closeTo(at - 1 / FPS, 6) as number));
    const { pitch } = person.gaze;
    for (const at of BLINKS)
      expect(Math.abs(movementAt(pitch, at + 0.08) - movementAt(pitch, at - 0.1))).toBeLessThan(3);
  });

  it('is seen in good frames alone, and moves straight between them', () => {
    const track = filmedTrack();
    track.state.fill(2, 20, 40);
    track.rotation.fill(0.5, 20 * 9, 40 * 9);
    const { yaw } = filmedPerson(parseSafetensors(filmedFile(track))).head;
    const [before, after] = [19, 40].map((frame) => theirHead(frame / FPS).yaw) as [number, number];
    expect(movementAt(yaw, 29.5 / FPS)).toBeCloseTo((before + after) / 2, 2);
  });
});

describe('a movement that is brought into a range', () => {
  const own = { usual: 1, below: 10, above: 20 };

  it('goes as far from what is usual, where there is room for it', () => {
    const theirs = { usual: -4, below: 8, above: 5 };
    expect([-12, -4, 1].map((value) => broughtInto(own, theirs, value))).toEqual([-7, 1, 6]);
  });

  it('is drawn together on a side where they go further, and ends where the person does', () => {
    const theirs = { usual: 0, below: 40, above: 10 };
    expect([-60, -40, -20, 10].map((value) => broughtInto(own, theirs, value))).toEqual([-9, -9, -4, 11]);
  });

  it('stands still where the person never moves', () => {
    expect(broughtInto({ usual: 2, below: 0, above: 0 }, { usual: 0, below: 3, above: 3 }, 2)).toBe(2);
  });
});
