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
    const { clips, pose, speech, lanes, range } = take;
    expect(playedPart(take)).toEqual({ clips, pose, speech, lanes });
    expect(exportedPart(take)).toEqual({ clips, pose, speech, lanes, range });
  });
});
