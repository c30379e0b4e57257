import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Course } from './lap.ts';
import { PlayTransport, type PlayedSound } from './transport.ts';

/** A sound with a clock of its own, set by hand. */
class HandSound implements PlayedSound {
  ready = true;
  clock = 50;
  readonly calls: string[] = [];
  #listener: () => void = () => undefined;
  wake(): void {
    this.calls.push('wake');
  }
  onReady(listener: () => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }
  change(ready: boolean): void {
    this.ready = ready;
    this.#listener();
  }
  now(): number {
    return this.clock;
  }
  start(course: Omit<Course, 'clock'>, late: boolean): Course {
    this.calls.push(`${late ? 'join' : 'start'} ${course.time}`);
    return { ...course, clock: this.clock };
  }
  stop(): void {
    this.calls.push('stop');
  }
  touch(time: number): void {
    this.calls.push(`touch ${time}`);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const open = (sound: PlayedSound | null) => new PlayTransport({ duration: 10, fps: 25, sound });

test('at rate 1 the sound is the clock', () => {
  const sound = new HandSound();
  const transport = open(sound);
  transport.seek(2);
  transport.play();
  sound.clock += 1.5;
  expect(transport.now()).toBe(3.5);
  vi.advanceTimersByTime(1000); // the computer's clock does not count
  expect(transport.now()).toBe(3.5);
  expect(sound.calls).toEqual(['wake', 'start 2']);
});

test('at other rates, and without sound, the computer is the clock', () => {
  const sound = new HandSound();
  const transport = open(sound);
  transport.play(-2);
  expect(transport.state.time).toBe(10); // from the end, as it stood at the beginning
  vi.advanceTimersByTime(1500);
  expect(transport.now()).toBeCloseTo(7, 3);
  const silent = open(null);
  silent.play();
  vi.advanceTimersByTime(2000);
  expect(silent.now()).toBeCloseTo(2, 3);
  expect(sound.calls).toEqual([]);
});

test('sound that is not ready is waited for a moment; then it plays without, until the sound joins in', () => {
  const sound = new HandSound();
  sound.ready = false;
  const transport = open(sound);
  transport.play();
  vi.advanceTimersByTime(300);
  expect(transport.now()).toBe(0);
  vi.advanceTimersByTime(1200); // goes on by the computer's clock from 500 ms on
  const before = transport.now();
  expect(before).toBeCloseTo(1, 1);
  sound.change(true);
  expect(sound.calls.at(-1)).toBe(`join ${before}`);
  expect(transport.now()).toBe(before); // no jump
  sound.clock += 1;
  expect(transport.now()).toBeCloseTo(before + 1, 6);
  sound.change(false); // its device went away
  vi.advanceTimersByTime(500);
  expect(transport.now()).toBeCloseTo(before + 1.5, 3);
});

test('it pauses at the end', () => {
  const transport = open(null);
  transport.seek(9.5);
  transport.play();
  vi.advanceTimersByTime(700);
  expect(transport.state).toMatchObject({ playback: { kind: 'paused' }, time: 10 });
});

test('a seek while playing starts the sound again from there', () => {
  const sound = new HandSound();
  const transport = open(sound);
  transport.play();
  transport.seek(6);
  expect(sound.calls).toEqual(['wake', 'start 0', 'stop', 'wake', 'start 6']);
  expect(transport.state.playback).toEqual({ kind: 'playing', rate: 1 });
});

test('scrubbing is silent, goes by frames and plays on when it ends', () => {
  const sound = new HandSound();
  const transport = open(sound);
  transport.play();
  transport.beginScrub();
  expect(sound.calls.at(-1)).toBe('stop');
  transport.scrubTo(3.055); // frames are 0.04 apart: 76 is at 3.04
  expect(transport.state.time).toBeCloseTo(3.04, 9);
  transport.endScrub();
  expect(sound.calls.at(-1)).toBe(`start ${transport.state.time}`);
  transport.scrubTo(8); // the gesture is over
  expect(transport.now()).toBeCloseTo(3.04, 9);
});

test("steps are exact to the source's own frame times, evenly spaced or not", () => {
  const transport = open(null);
  transport.setFrames([0, 0.033, 0.1, 0.133]);
  const visited = [1, 1, 1, 1, -1, -3, -5].map((frames) => {
    transport.step(frames);
    return Number(transport.now().toFixed(6));
  });
  expect(visited).toEqual([0.033, 0.1, 0.133, 0.173, 0.133, 0, 0]); // behind the last picture, 1 / 25 apart
});

test('a timeline that gets shorter takes the playhead along, and its loop is followed', () => {
  const transport = open(null);
  transport.seek(9);
  transport.setTimeline({ duration: 8, range: { from: 1, to: 2 } });
  expect(transport.state.time).toBe(8);
  transport.setLoop(true);
  transport.play();
  expect(transport.state.time).toBe(1);
  vi.advanceTimersByTime(1500);
  expect(transport.now()).toBeCloseTo(1.5, 3);
});

test('a scrub is heard, once for each frame that it comes to, and so is a step', () => {
  const sound = new HandSound();
  const transport = open(sound);
  transport.scrubTo(3); // not while none is begun
  transport.beginScrub();
  for (const seconds of [1.01, 1.02, 1.05]) transport.scrubTo(seconds);
  transport.endScrub();
  transport.step(1);
  expect(sound.calls).toEqual(['touch 1', 'touch 1.04', 'touch 1.08']);
});
