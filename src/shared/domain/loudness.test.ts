import { describe, expect, it, test } from 'vitest';
import {
  cornersOf,
  factorOf,
  fadesOf,
  heardClips,
  isPlain,
  loudnessOf,
  mayBeTooLoud,
  setFade,
  setGain,
  setSoundsMuted,
  setSoundsSolo,
  softened,
} from './loudness.ts';
import { EMPTY_TAKE, type SoundClip, type Take } from './take.ts';

const clip: SoundClip = { id: 'a', sound: 'source', at: 2, start: 1, seconds: 4 };
const other: SoundClip = { id: 'b', sound: '0123456789abcdef', at: 6, start: 0, seconds: 1 };
const take: Take = { ...EMPTY_TAKE, clips: [clip, other] };
const heard = (more: Partial<Take>) => heardClips({ ...take, ...more }).map(({ id }) => id);
const A = new Set(['a']);

test('a muted sound is not heard, and beside a solo one no other; one that is nowhere silences nobody', () => {
  expect(heard({})).toEqual(['a', 'b']);
  expect(heard({ muted: ['source'] })).toEqual(['b']);
  expect(heard({ solo: ['source'] })).toEqual(['a']);
  expect(heard({ solo: ['source'], muted: ['source'] })).toEqual([]);
  expect(heard({ solo: ['fedcba9876543210'] })).toEqual(['a', 'b']);
});

describe('the loudness of a clip', () => {
  it('is a factor of its gain: 20 dB are ten times, and 6.02 are twice as much', () => {
    expect(factorOf(20)).toBe(10);
    expect(factorOf(-20)).toBeCloseTo(0.1, 12);
    expect(factorOf(6.0206)).toBeCloseTo(2, 5);
    expect(loudnessOf({ ...clip, gain: -20 })(3)).toBeCloseTo(0.1, 12);
    expect([isPlain(clip), isPlain({ ...clip, gain: 0, fadeIn: 0 }), isPlain({ ...clip, fadeOut: 1 })]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('rises and falls along straight lines', () => {
    const at = loudnessOf({ ...clip, fadeIn: 1, fadeOut: 2 });
    expect([-1, 0, 0.25, 1, 1.5, 2, 3, 3.5, 4, 5].map(at)).toEqual([0, 0, 0.25, 1, 1, 1, 0.5, 0.25, 0, 0]);
    expect(cornersOf({ ...clip, fadeIn: 1, fadeOut: 2 })).toEqual([
      { into: 0, factor: 0 },
      { into: 1, factor: 1 },
      { into: 2, factor: 1 },
      { into: 4, factor: 0 },
    ]);
    expect(cornersOf({ ...clip, fadeIn: 1 }, 0.5, 3)).toEqual([
      { into: 0.5, factor: 0.5 },
      { into: 1, factor: 1 },
      { into: 3, factor: 1 },
    ]);
  });

  it('has fades that share a clip shorter than both', () => {
    const short = { ...clip, seconds: 1, fadeIn: 3, fadeOut: 1 };
    expect(fadesOf(short)).toEqual({ fadeIn: 0.75, fadeOut: 0.25 });
    expect(loudnessOf(short)(0.75)).toBe(1);
  });
});

test('only two at once, or one made louder, can be too loud; what is, is bent below 1', () => {
  expect(mayBeTooLoud([clip, other])).toBe(false);
  expect(mayBeTooLoud([clip, { ...other, at: 5.5 }])).toBe(true);
  expect(mayBeTooLoud([{ ...clip, gain: 1 }])).toBe(true);
  expect([softened(0.5), softened(-0.8), softened(-9)]).toEqual([0.5, -0.8, -1]);
  expect(softened(1.5)).toBeCloseTo(0.8 + 0.2 * Math.tanh(3.5), 12);
});

describe('edits', () => {
  it('set a gain within what a take may say; the usual one is not written down', () => {
    expect(setGain(take, A, -6).clips).toEqual([{ ...clip, gain: -6 }, other]);
    expect(setGain(take, new Set(['a', 'b']), 99).clips.map(({ gain }) => gain)).toEqual([12, 12]);
    expect(setGain(setGain(take, A, -6), A, 0)).toEqual(take);
    expect(setGain(take, A, 0)).toBe(take);
  });

  it('set a fade no longer than the other one leaves', () => {
    const faded = setFade(take, A, 'in', 1);
    expect(faded.clips[0]).toEqual({ ...clip, fadeIn: 1 });
    expect(setFade(faded, A, 'out', 9).clips[0]).toEqual({ ...clip, fadeIn: 1, fadeOut: 3 });
    expect(setFade(faded, A, 'in', -1)).toEqual(take);
    expect(setFade(faded, A, 'in', 1)).toBe(faded);
  });

  it('mute sounds, and hear them alone', () => {
    expect(setSoundsMuted(take, ['source'], true).muted).toEqual(['source']);
    expect(setSoundsMuted(setSoundsMuted(take, ['source'], true), ['source'], false)).toEqual(take);
    expect(setSoundsSolo(take, ['source', 'source'], true).solo).toEqual(['source']);
  });
});
