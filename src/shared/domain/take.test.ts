import { describe, expect, it, test } from 'vitest';
import { exportedPart, initialTake, PLAIN_SPEECH, playedPart, Speech, SPEECH_NAMES, Take, TAKE_PARTS } from './take.ts';

test('a take of before there was speech to set is as it was', () => {
  const { speech: _, ...old } = {
    ...initialTake({ duration: 10, hasAudio: true }),
    pose: { kind: 'still', frame: 3 } as const,
  };
  expect(Take.parse(old)).toEqual({ ...old, speech: { strength: 1, style: null, temperature: 0 } });
  expect(Take.parse({ ...old, speech: {} }).speech).toEqual(PLAIN_SPEECH);
});

describe('how loud a clip is', () => {
  const take = initialTake({ duration: 10, hasAudio: true });
  const fits = (more: object): boolean => Take.safeParse({ ...take, clips: [{ ...take.clips[0], ...more }] }).success;

  it.each([{}, { gain: -60 }, { gain: 12 }, { gain: -3.5, fadeIn: 0, fadeOut: 2 }, { fadeIn: 60 }])(
    'may be %j',
    (more) => expect(fits(more)).toBe(true),
  );

  it.each([
    { gain: -60.1 },
    { gain: 12.1 },
    { gain: Number.NaN },
    { gain: '0' },
    { gain: null },
    { fadeIn: -0.1 },
    { fadeIn: Number.POSITIVE_INFINITY },
    { fadeOut: 86_401 },
    { fadeOut: [] },
  ])('is refused as %j', (more) => expect(fits(more)).toBe(false));

  it('of a sound is named by its id; takes of before name none', () => {
    expect(Take.safeParse({ ...take, muted: ['source'], solo: ['0123456789abcdef'] }).success).toBe(true);
    expect(Take.safeParse({ ...take, muted: ['../source'] }).success).toBe(false);
    expect(Take.safeParse({ ...take, solo: Array.from({ length: 1001 }, () => 'source') }).success).toBe(false);
    const { muted: _, solo: __, ...old } = take;
    expect(Take.parse(old)).toEqual(take);
  });
});

describe('what speech does to the face', () => {
  const take = initialTake({ duration: 10, hasAudio: true });
  const fits = (speech: unknown): boolean => Take.safeParse({ ...take, speech }).success;

  it.each([
    { strength: 0.5 },
    { strength: 1.5 },
    { strength: 1, style: { entry: 6, amount: 0 } },
    { strength: 1.2, style: { entry: 1, amount: 1 } },
  ])('may be %j', (speech) => {
    expect(fits(speech)).toBe(true);
  });

  it.each([
    null,
    1,
    [],
    { strength: 0.49 },
    { strength: 1.51 },
    { strength: Number.NaN },
    { strength: Number.POSITIVE_INFINITY },
    { strength: '1' },
    { strength: null },
    { style: 1 },
    { style: {} },
    { style: { entry: 0, amount: 0.5 } },
    { style: { entry: 7, amount: 0.5 } },
    { style: { entry: 1.5, amount: 0.5 } },
    { style: { entry: '__proto__', amount: 0.5 } },
    { style: { entry: 1 } },
    { style: { entry: 1, amount: -0.1 } },
    { style: { entry: 1, amount: 1.1 } },
    { style: { entry: 1, amount: Number.NaN } },
    { style: { entry: 1, amount: Number.NEGATIVE_INFINITY } },
  ])('is refused as %j', (speech) => {
    expect(fits(speech)).toBe(false);
  });
});

describe('what of a take is heard and seen', () => {
  const take: Take = {
    ...initialTake({ duration: 10, hasAudio: true }),
    pose: { kind: 'natural', seed: 3 },
    range: { from: 1, to: 2 },
    markers: [{ id: 'm', at: 1, name: 'here' }],
  };

  it('is said of every part of it', () => {
    expect(Object.keys(TAKE_PARTS).toSorted()).toEqual(Object.keys(Take.shape).toSorted());
    expect(Object.keys(SPEECH_NAMES).toSorted()).toEqual(Object.keys(Speech.shape).toSorted());
  });

  it('is its sounds, its head, its manner and what is keyed; an export adds from where to where', () => {
    const { range, version: _, markers: __, removed: ___, ...played } = take;
    expect(Object.keys(played)).toEqual(['clips', 'muted', 'solo', 'pose', 'speech', 'lanes']);
    expect(playedPart(take)).toEqual(played);
    expect(exportedPart(take)).toEqual({ ...played, range });
  });
});
