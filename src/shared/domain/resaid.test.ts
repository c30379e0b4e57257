import { expect, it } from 'vitest';
import { resaid, saidFirst } from './resaid.ts';
import { EMPTY_TAKE, initialTake, type SoundClip } from './take.ts';

const clip = (id: string, at: number, seconds: number): SoundClip => ({
  id,
  sound: 'aaaaaaaaaaaaaaaa',
  at,
  start: 0,
  seconds,
});
const NEW = { id: 'bbbbbbbbbbbbbbbb', seconds: 3 };

it('what a clip says anew takes its place, and what is behind it moves by as much', () => {
  const trimmed = { ...clip('b', 2, 1), start: 0.5, gain: -3, fadeIn: 0.2 };
  const take = {
    ...EMPTY_TAKE,
    clips: [clip('a', 0, 2), trimmed, clip('c', 3, 1), clip('d', 5, 1)],
    removed: [NEW.id],
  };
  const { clips, removed } = resaid(take, 'b', NEW);
  expect(clips).toEqual([
    take.clips[0],
    { id: 'b', sound: NEW.id, at: 2, start: 0, seconds: 3, gain: -3, fadeIn: 0.2 },
    { ...take.clips[2], at: 5 },
    { ...take.clips[3], at: 7 },
  ]);
  expect(removed).toEqual([]);
  expect(resaid(take, 'none', NEW)).toBe(take);
});

it('fades that a shorter sound has no room for go', () => {
  const take = { ...EMPTY_TAKE, clips: [{ ...clip('a', 0, 9), fadeIn: 2, fadeOut: 2 }] };
  expect(resaid(take, 'a', NEW).clips).toEqual([{ id: 'a', sound: NEW.id, at: 0, start: 0, seconds: 3 }]);
});

it("a first script takes the place of the video's own sound while that is untouched, else it goes behind all", () => {
  const said = { id: 's', sound: NEW.id, start: 0, seconds: 3 };
  const untouched = initialTake({ duration: 8, hasAudio: true });
  expect(saidFirst(untouched, said).clips).toEqual([{ ...said, at: 0 }]);
  const edited = { ...untouched, clips: [{ ...untouched.clips[0]!, at: 1 }] };
  expect(saidFirst(edited, said).clips).toEqual([edited.clips[0], { ...said, at: 9 }]);
});
