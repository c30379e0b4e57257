import { describe, expect, it } from 'vitest';
import { heededLanes, Lanes, MOST_KEYS, MOST_KEYS_IN_ALL } from './lane.ts';
import { LANE_NAMES, LANES } from './names.ts';
import { valueAt } from './value.ts';

const key = (at: number, value: number, more: object = {}) => ({ id: `k${at}`.replace('.', '-'), at, value, ...more });
const fits = (lanes: unknown): boolean => Lanes.safeParse(lanes).success;

describe('lanes of a take', () => {
  it('may hold keyframes of anything there is, from its least to its most', () => {
    for (const name of LANE_NAMES) {
      const { least, most } = LANES[name];
      expect(fits({ [name]: { keys: [key(0, least), key(1.5, most)] } }), name).toBe(true);
      expect(fits({ [name]: { keys: [key(0, most + 0.01)] } }), name).toBe(false);
      expect(fits({ [name]: { keys: [key(0, least - 0.01)] } }), name).toBe(false);
    }
  });

  it('are smooth, heard and not alone unless it is said', () => {
    expect(Lanes.parse({ 'face.smile': { keys: [key(0, 1)] } })).toEqual({
      'face.smile': { keys: [key(0, 1, { curve: 'smooth' })], muted: false, solo: false },
    });
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a lane that there is not', { 'head.wag': { keys: [] } }],
    ["an object's own parts", { constructor: { keys: [] } }],
    ['a lane without keys', { 'head.yaw': {} }],
    ['a value that is none', { 'head.yaw': { keys: [key(0, Number.NaN)] } }],
    ['a value without end', { 'head.yaw': { keys: [key(0, Number.POSITIVE_INFINITY)] } }],
    ['a time before the beginning', { 'head.yaw': { keys: [key(-1, 0)] } }],
    ['a time behind the last day', { 'head.yaw': { keys: [key(86_401, 0)] } }],
    ['an id with a path', { 'head.yaw': { keys: [{ ...key(0, 0), id: '../x' }] } }],
    ['another curve', { 'head.yaw': { keys: [key(0, 0, { curve: 'bouncy' })] } }],
    ['a handle that goes back in time', { 'head.yaw': { keys: [key(0, 0, { after: { seconds: -1, value: 0 } })] } }],
    ['times out of order', { 'head.yaw': { keys: [key(1, 0), key(0.5, 0)] } }],
    ['two at the same time', { 'head.yaw': { keys: [key(1, 0), { ...key(1, 0), id: 'other' }] } }],
    ['two of the same id', { 'head.yaw': { keys: [key(1, 0), { ...key(2, 0), id: 'k1' }] } }],
  ])('are refused with %s', (_, lanes) => {
    expect(fits(lanes)).toBe(false);
  });

  it('lead no curve further than they go, whatever handles say', () => {
    const far = { seconds: 1, value: -1000 };
    const keys = [key(0, 0.5, { curve: 'smooth', after: far }), key(2, 1, { before: { seconds: 1, value: 1000 } })];
    const { 'blink.amount': lane } = Lanes.parse({ 'blink.amount': { keys } });
    expect(lane!.keys.map(({ before, after }) => [before?.value, after?.value])).toEqual([
      [undefined, -0.5],
      [0, undefined],
    ]);
    for (let at = 0; at < 2; at += 0.05)
      expect(valueAt(lane!.keys, at)! >= 0 && valueAt(lane!.keys, at)! <= 1).toBe(true);
  });

  it('have so many keyframes at most, each and together', () => {
    const keys = (count: number) => ({ keys: Array.from({ length: count }, (_, k) => key(k, 0)) });
    expect(fits({ 'head.yaw': keys(MOST_KEYS) })).toBe(true);
    expect(fits({ 'head.yaw': keys(MOST_KEYS + 1) })).toBe(false);
    const full = Object.fromEntries(
      ['head.yaw', 'head.pitch', 'head.roll', 'face.jaw'].map((name) => [name, keys(MOST_KEYS_IN_ALL / 4)]),
    );
    expect(fits(full)).toBe(true);
    expect(JSON.stringify(full).length).toBeLessThan(1 << 20);
    expect(fits({ ...full, 'face.smile': keys(1) })).toBe(false);
  });
});

describe('which lanes are heeded', () => {
  const lane = (more: object = {}) => ({ keys: [key(0, 0, { curve: 'hold' })], muted: false, solo: false, ...more });
  const heeded = (lanes: object): string[] => Object.keys(heededLanes(Lanes.parse(lanes)));

  it('those with keyframes, unless they are muted', () => {
    expect(heeded({ 'head.yaw': lane(), 'head.roll': lane({ muted: true }), 'face.jaw': lane({ keys: [] }) })).toEqual([
      'head.yaw',
    ]);
  });

  it('those that are solo, where any is', () => {
    expect(heeded({ 'head.yaw': lane(), 'head.roll': lane({ solo: true }) })).toEqual(['head.roll']);
    expect(heeded({ 'head.yaw': lane(), 'head.roll': lane({ solo: true, muted: true }) })).toEqual([]);
    expect(heeded({ 'head.yaw': lane(), 'head.roll': lane({ solo: true, keys: [] }) })).toEqual([]);
  });
});
