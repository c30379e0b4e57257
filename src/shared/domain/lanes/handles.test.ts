import { describe, expect, it } from 'vitest';
import { EMPTY_TAKE, Take } from '../take.ts';
import { changeKey, clearHandles, setKey, stretchKeys } from './edit.ts';
import { handleOf, setHandle } from './handles.ts';
import type { Keyframe } from './lane.ts';
import { valueAt } from './value.ts';

const key = (id: string, at: number, value: number): Keyframe => ({ id, at, value, curve: 'smooth' });
const TAKE = [key('a', 0, 0), key('b', 2, 10), key('c', 4, 20), key('d', 5, 20)].reduce(
  (take, one) => setKey(take, 'head.yaw', one),
  EMPTY_TAKE,
);
const keysOf = (take: Take) => take.lanes['head.yaw']!.keys;
const keyOf = (take: Take, id: string) => keysOf(take).find((one) => one.id === id);

describe('the handles of a keyframe', () => {
  it('are shown where its neighbours lead the curve, as long as none is set', () => {
    expect(handleOf(keysOf(TAKE), 'b', 'after')).toEqual({ seconds: 2 / 3, value: expect.closeTo(10 / 3), set: false });
    expect(handleOf(keysOf(TAKE), 'b', 'before')).toEqual({
      seconds: expect.closeTo(2 / 3),
      value: expect.closeTo(-10 / 3),
      set: false,
    });
    expect(handleOf(keysOf(TAKE), 'a', 'before')).toBeUndefined();
    expect(handleOf(keysOf(TAKE), 'd', 'after')).toBeUndefined();
    const straight = setKey(TAKE, 'head.yaw', { ...key('a', 0, 0), curve: 'linear' });
    expect(handleOf(keysOf(straight), 'b', 'before')).toBeUndefined();
  });

  it('bend the curve, and what is set is a take', () => {
    const set = setHandle(TAKE, 'head.yaw', 'b', { side: 'after', seconds: 1, value: -6, joined: false });
    expect(Take.parse(set)).toEqual(set);
    expect(keyOf(set, 'b')).toMatchObject({ after: { seconds: 1, value: -6 } });
    expect(keyOf(set, 'b')).not.toHaveProperty('before');
    expect(valueAt(keysOf(set), 2.4)!).toBeLessThan(valueAt(keysOf(TAKE), 2.4)!);
    expect(valueAt(keysOf(set), 1)).toBe(valueAt(keysOf(TAKE), 1));
  });

  it('turn together, each as long as it was, and alone when that is asked for', () => {
    const joined = setHandle(TAKE, 'head.yaw', 'b', { side: 'after', seconds: 1, value: 9, joined: true });
    expect(keyOf(joined, 'b')!.before).toEqual({ seconds: expect.closeTo(2 / 3), value: expect.closeTo(-6) });
    const last = setHandle(TAKE, 'head.yaw', 'd', { side: 'before', seconds: 0.5, value: 3, joined: true });
    expect(keyOf(last, 'd')).toMatchObject({ before: { seconds: 0.5, value: 3 } });
    expect(keyOf(last, 'd')).not.toHaveProperty('after');
  });

  it('end where the next keyframe and the lane do', () => {
    const set = setHandle(TAKE, 'head.yaw', 'b', { side: 'before', seconds: 9, value: 400, joined: false });
    expect(keyOf(set, 'b')!.before).toEqual({ seconds: 2, value: 80 });
    expect(setHandle(TAKE, 'head.yaw', 'a', { side: 'before', seconds: 1, value: 1, joined: true })).toBe(TAKE);
    expect(setHandle(TAKE, 'head.roll', 'a', { side: 'after', seconds: 1, value: 1, joined: true })).toBe(TAKE);
  });

  it('stay in the lane when their keyframe is moved, and stay a take when it is stretched', () => {
    const set = setHandle(TAKE, 'head.yaw', 'b', { side: 'after', seconds: 1, value: 60, joined: true });
    const raised = changeKey(set, 'head.yaw', 'b', { value: 70 });
    expect(keyOf(raised, 'b')!.after!.value).toBe(20);
    const short = [key('a', 0, 0), key('b', 0.001, 1), { ...key('c', 1000, 2), before: { seconds: 900, value: 1 } }];
    const stretched = stretchKeys(
      short.reduce((take, one) => setKey(take, 'head.yaw', one), EMPTY_TAKE),
      { 'head.yaw': new Set(['a', 'c']) },
      80_000,
    );
    const wide = setKey(EMPTY_TAKE, 'head.yaw', { ...key('a', 0, 0), after: { seconds: 86_400, value: 1 } });
    const wider = stretchKeys(setKey(wide, 'head.yaw', key('b', 1, 1)), { 'head.yaw': new Set(['a', 'b']) }, 2);
    for (const take of [raised, stretched, wider]) expect(Take.safeParse(take).success).toBe(true);
  });

  it('have no direction where they have no length', () => {
    const none = setHandle(TAKE, 'head.yaw', 'b', { side: 'before', seconds: 0, value: 0, joined: false });
    const set = setHandle(none, 'head.yaw', 'b', { side: 'after', seconds: 1e-320, value: 9, joined: true });
    expect(Take.parse(set)).toEqual(set);
  });

  it('are cleared, on both sides or on one', () => {
    const set = setHandle(TAKE, 'head.yaw', 'b', { side: 'after', seconds: 1, value: 9, joined: true });
    const chosen = { 'head.yaw': new Set(['a', 'b']) };
    expect(clearHandles(set, chosen)).toEqual(TAKE);
    expect(keyOf(clearHandles(set, chosen, 'after'), 'b')).toMatchObject({
      before: { seconds: expect.closeTo(2 / 3) },
    });
    expect(clearHandles(TAKE, chosen)).toBe(TAKE);
  });
});
