import { expect, test } from 'vitest';
import {
  loopOf,
  paused,
  playing,
  scrubBegun,
  scrubEnded,
  shuttled,
  sought,
  toggled,
  type TransportState,
} from './playback.ts';

const still: TransportState = {
  playback: { kind: 'paused' },
  time: 3,
  duration: 10,
  fps: 25,
  loop: false,
  range: null,
};

test('Space plays at the usual rate, and pauses whatever plays', () => {
  expect(toggled(still).playback).toEqual({ kind: 'playing', rate: 1 });
  expect(toggled(playing(still, -4)).playback).toEqual({ kind: 'paused' });
});

test('L goes faster with each press up to eight times, and J turns round', () => {
  const rates: number[] = [];
  let state = still;
  for (let press = 0; press < 5; press++) {
    state = shuttled(state, 1);
    if (state.playback.kind === 'playing') rates.push(state.playback.rate);
  }
  expect(rates).toEqual([1, 2, 4, 8, 8]);
  expect(shuttled(state, -1).playback).toEqual({ kind: 'playing', rate: -1 });
});

test('playing at the end begins at the beginning; backwards at the beginning, at the end', () => {
  expect(playing({ ...still, time: 10 }, 1).time).toBe(0);
  expect(playing({ ...still, time: 0 }, -1).time).toBe(10);
  expect(playing({ ...still, time: 9 }, 1).time).toBe(9);
});

test('a loop begins at its in point when the playhead is behind its out point', () => {
  const looped = { ...still, loop: true, range: { from: 2, to: 5 } };
  expect(playing({ ...looped, time: 7 }, 1).time).toBe(2);
  expect(playing({ ...looped, time: 1 }, 1).time).toBe(1); // it plays into the loop
});

test('there is no loop shorter than can be heard, nor one beyond the end', () => {
  expect(loopOf({ ...still, loop: true })).toEqual({ from: 0, to: 10 });
  expect(loopOf({ ...still, loop: true, range: { from: 2, to: 40 } })).toEqual({ from: 2, to: 10 });
  expect(loopOf({ ...still, loop: true, range: { from: 2, to: 2.01 } })).toBeNull();
  expect(loopOf({ ...still, range: { from: 2, to: 5 } })).toBeNull();
});

test('a scrub goes on afterwards as before, from where it left the playhead', () => {
  const scrubbed = sought(scrubBegun(playing(still, 2)), 6);
  expect(scrubbed).toMatchObject({ time: 6, playback: { kind: 'scrubbing', resume: 2 } });
  expect(scrubEnded(scrubbed)).toMatchObject({ time: 6, playback: { kind: 'playing', rate: 2 } });
  expect(scrubEnded(scrubBegun(still)).playback).toEqual({ kind: 'paused' });
});

test('a scrub that begins twice still remembers what played', () => {
  expect(scrubEnded(scrubBegun(scrubBegun(playing(still, 1)))).playback).toEqual({ kind: 'playing', rate: 1 });
});

test('a scrub to the very end while playing stops there instead of beginning again', () => {
  expect(scrubEnded(sought(scrubBegun(playing(still, 1)), 10))).toMatchObject({
    time: 10,
    playback: { kind: 'paused' },
  });
});

test('the playhead stays on the timeline', () => {
  expect(sought(still, -1).time).toBe(0);
  expect(sought(still, 11).time).toBe(10);
  expect(paused(still).time).toBe(3);
});
