import { describe, expect, it } from 'vitest';
import { EMPTY_TAKE, Take } from '../take.ts';
import {
  changeKey,
  clearLane,
  copyKeys,
  keysOf,
  keysUnder,
  moveKeys,
  pasteKeys,
  removeKeys,
  saidAs,
  setKey,
  setMuted,
  setSolo,
  spanOf,
  stretchKeys,
} from './edit.ts';
import { type Keyframe, MOST_KEYS } from './lane.ts';
import type { LaneName } from './names.ts';

const key = (id: string, at: number, value: number, more: Partial<Keyframe> = {}): Keyframe => ({
  id,
  at,
  value,
  curve: 'smooth',
  ...more,
});
const withKeys = (lanes: { readonly [Name in LaneName]?: readonly Keyframe[] }): Take =>
  (Object.entries(lanes) as [LaneName, readonly Keyframe[]][]).reduce(
    (take, [name, keys]) => keys.reduce((now, one) => setKey(now, name, one), take),
    EMPTY_TAKE,
  );
const timesOf = (take: Take, name: LaneName): (string | number)[][] =>
  (take.lanes[name]?.keys ?? []).map(({ id, at, value }) => [id, at, value]);
const TAKE = withKeys({
  'head.yaw': [key('a', 1, 10), key('b', 2, 20), key('c', 4, 30)],
  'face.smile': [key('s', 2, 0.5)],
});
const chosen = { 'head.yaw': new Set(['a', 'b']), 'face.smile': new Set(['s']) };

describe('edits of lanes', () => {
  it('what each makes is a take', () => {
    let id = 0;
    const made = [
      TAKE,
      moveKeys(TAKE, chosen, 3),
      stretchKeys(TAKE, chosen, 9),
      pasteKeys(TAKE, copyKeys(TAKE, chosen), 3.5, () => `n${(id += 1)}`),
      removeKeys(TAKE, chosen),
      setMuted(TAKE, 'head.roll', true),
    ];
    for (const take of made) expect(Take.parse(take)).toEqual(take);
  });

  it('a keyframe takes the place of one at the same time, and keeps its id; values stay within the lane', () => {
    const set = setKey(TAKE, 'head.yaw', key('new', 2.0004, 400));
    expect(timesOf(set, 'head.yaw')).toEqual([
      ['a', 1, 10],
      ['b', 2, 90],
      ['c', 4, 30],
    ]);
    expect(timesOf(setKey(TAKE, 'head.yaw', key('new', 3, -5)), 'head.yaw')[2]).toEqual(['new', 3, -5]);
  });

  it('one of a lane can be changed', () => {
    const changed = changeKey(TAKE, 'head.yaw', 'b', { value: 7, curve: 'hold' });
    expect(changed.lanes['head.yaw']!.keys[1]).toEqual(key('b', 2, 7, { curve: 'hold' }));
    expect(changeKey(TAKE, 'head.yaw', 'x', { value: 7 })).toBe(TAKE);
  });

  it('removed keyframes leave no empty lane behind, unless it is muted or solo', () => {
    expect(removeKeys(TAKE, chosen).lanes).toEqual({
      'head.yaw': { ...TAKE.lanes['head.yaw'], keys: [key('c', 4, 30)] },
    });
    const muted = setMuted(TAKE, 'face.smile', true);
    expect(removeKeys(muted, chosen).lanes['face.smile']).toEqual({ keys: [], muted: true, solo: false });
    expect(removeKeys(TAKE, { 'head.yaw': new Set(['x']) })).toBe(TAKE);
  });

  it('move together, no further than to the beginning, and what they come upon makes room', () => {
    const moved = moveKeys(TAKE, chosen, 2);
    expect(timesOf(moved, 'head.yaw')).toEqual([
      ['a', 3, 10],
      ['b', 4, 20],
    ]);
    expect(timesOf(moved, 'face.smile')).toEqual([['s', 4, 0.5]]);
    expect(timesOf(moveKeys(TAKE, chosen, -5), 'head.yaw')[0]).toEqual(['a', 0, 10]);
    expect(timesOf(moveKeys(TAKE, chosen, -5), 'face.smile')).toEqual([['s', 1, 0.5]]);
    expect(moveKeys(TAKE, chosen, 0)).toBe(TAKE);
    expect(moveKeys(TAKE, {}, 2)).toBe(TAKE);
    expect(timesOf(moveKeys(TAKE, chosen, 1e6), 'head.yaw').at(-1)).toEqual(['b', 86_400, 20]);
  });

  it('stretch from the first on, handles too', () => {
    const handled = changeKey(TAKE, 'head.yaw', 'a', { after: { seconds: 0.5, value: 3 } });
    const stretched = stretchKeys(handled, chosen, 3);
    expect(timesOf(stretched, 'head.yaw')).toEqual([
      ['a', 1, 10],
      ['b', 3, 20],
      ['c', 4, 30],
    ]);
    expect(stretched.lanes['head.yaw']!.keys[0]!.after).toEqual({ seconds: 1, value: 3 });
    expect(stretchKeys(TAKE, chosen, 1)).toBe(TAKE);
    expect(stretchKeys(TAKE, { 'head.yaw': new Set(['a']) }, 5)).toBe(TAKE);
  });

  it('copies go in where they are put, as far apart as they were, with new ids', () => {
    const copied = copyKeys(TAKE, chosen);
    expect(copied['face.smile']![0]!.at).toBe(1); // the first of all is a second earlier
    let id = 0;
    const pasted = pasteKeys(TAKE, copied, 3, () => `n${(id += 1)}`);
    expect(timesOf(pasted, 'head.yaw')).toEqual([
      ['a', 1, 10],
      ['b', 2, 20],
      ['n1', 3, 10],
      ['n2', 4, 20],
    ]);
    expect(timesOf(pasted, 'face.smile')).toEqual([
      ['s', 2, 0.5],
      ['n3', 4, 0.5],
    ]);
    expect(pasteKeys(TAKE, {}, 3, () => 'n')).toBe(TAKE);
  });

  it('those under a clip go with it', () => {
    const clip = { id: 'x', sound: 'source', at: 1.5, start: 0, seconds: 1 };
    const under = keysUnder({ ...TAKE, clips: [clip] }, clip);
    expect(timesOf(moveKeys(TAKE, under, 1.5), 'head.yaw')).toEqual([
      ['a', 1, 10],
      ['b', 3.5, 20],
      ['c', 4, 30],
    ]);
  });

  it('lanes are muted, made solo, and cleared', () => {
    expect(setMuted(TAKE, 'head.yaw', true).lanes['head.yaw']).toMatchObject({ muted: true, solo: false });
    expect(setSolo(setSolo(TAKE, 'head.yaw', true), 'head.yaw', false)).toEqual(TAKE);
    expect(setMuted(TAKE, 'head.yaw', false)).toBe(TAKE);
    expect(clearLane(TAKE, 'face.smile').lanes).toEqual({ 'head.yaw': TAKE.lanes['head.yaw'] });
    expect(clearLane(TAKE, 'head.roll')).toBe(TAKE);
    expect([keysOf(TAKE), spanOf(TAKE, chosen), spanOf(TAKE, {})]).toEqual([4, { from: 1, to: 2 }, undefined]);
  });

  it('what is told of speech counts before what is keyed of it', () => {
    const keyed = withKeys({
      'speech.strength': [key('a', 0, 1.2)],
      'speech.style': [key('b', 0, 1)],
      'style.2': [key('c', 0, 1)],
      'face.smile': [key('d', 0, 1)],
    });
    expect(saidAs(keyed, {})).toEqual(keyed);
    const strong = saidAs(keyed, { strength: 0.6 });
    expect(strong.speech.strength).toBe(0.6);
    expect(Object.keys(strong.lanes)).toEqual(['speech.style', 'style.2', 'face.smile']);
    expect(Object.keys(saidAs(keyed, { style: null }).lanes)).toEqual(['speech.strength', 'face.smile']);
  });

  it('a full lane takes no more', () => {
    const keys = Array.from({ length: MOST_KEYS }, (_, k) => key(`k${k}`, k, 0));
    const full: Take = { ...EMPTY_TAKE, lanes: { 'head.yaw': { keys, muted: false, solo: false } } };
    expect(setKey(full, 'head.yaw', key('more', 0.5, 0))).toBe(full);
    expect(setKey(full, 'head.yaw', key('more', 7, 5)).lanes['head.yaw']!.keys[7]).toMatchObject({
      id: 'k7',
      value: 5,
    });
  });
});
