import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LiveRequest } from '../../../shared/contract/live.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { openAvatar } from '../engine/index.ts';
import { Audience } from './audience.ts';
import { Engines } from './engines.ts';
import { TestLine } from './line.fixture.ts';
import { noCamera } from './session.fixture.ts';
import { LiveSession, type LiveSource } from './session.ts';

const engines = new Engines(() => 1, { open: (path, options) => openAvatar(path, { ...options, graph: 'fast' }) });
afterAll(() => engines.close());
const source: LiveSource = {
  engines,
  audience: new Audience(),
  avatarPath: async () => TINY,
  follow: noCamera,
  mix: async () => ({ samples: new Float32Array(16_000), closures: [] }),
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** One message of each kind that fits, with everything in it that may be there. */
const KNOB = { seconds: 1, value: 2 };
const PARTS = { head: true, gaze: true, brows: true, mouth: true, blinks: true, place: true, shoulders: true };
const FITTING: readonly Json[] = [
  { type: 'open', projectId: 'p', height: 200 },
  {
    type: 'take',
    serial: 1,
    take: {
      version: 2,
      lanes: {},
      clips: [{ id: 'a', sound: 'source', at: 0, start: 0, seconds: 1, gain: -3, fadeIn: 0.1, fadeOut: 0.2 }],
      muted: ['source'],
      solo: ['source'],
      pose: { kind: 'source', startFrame: 0 },
      range: { from: 0, to: 1 },
      markers: [{ id: 'm', at: 0, name: 'here' }],
      removed: ['0123456789abcdef'],
    },
  },
  {
    type: 'take',
    serial: 4,
    take: {
      version: 2,
      lanes: {
        'head.yaw': {
          keys: [{ id: 'k', at: 0.5, value: 10, curve: 'smooth', before: KNOB, after: KNOB }],
          muted: false,
          solo: true,
        },
      },
      clips: [],
      pose: { kind: 'natural', seed: 1, shifts: true },
      speech: { strength: 1.2, style: { entry: 1, amount: 0.5 }, temperature: 0.5 },
      range: null,
      markers: [],
    },
  },
  { type: 'frame', serial: 2, frame: 3 },
  { type: 'unkeyed', serial: 3, lane: 'head.yaw', first: 0, every: 2, count: 5 },
  { type: 'look', shape: '9:16', behind: 'none' },
  { type: 'listen', serial: 5, frame: 0 },
  { type: 'hush' },
  { type: 'watch', serial: 6, width: 64, height: 64, parts: PARTS },
  { type: 'parts', parts: PARTS },
  { type: 'calm' },
  { type: 'unwatch' },
];
const WRONG: readonly (Json | undefined)[] = [
  undefined,
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  'x'.repeat(100_000),
  '../..',
  [],
  [[]],
  {},
  { __proto__: null, constructor: 'x' },
  Array.from({ length: 2000 }, () => 0),
];

/** Copies of a message with one value in it, at whatever depth, put in the place of another. */
function* changed(json: Json): Generator<Json> {
  if (json === null || typeof json !== 'object') return;
  for (const key of Object.keys(json)) {
    const put = (value: Json | undefined): Json => {
      const copy = (Array.isArray(json) ? [...json] : { ...(json as object) }) as Record<string, Json>;
      if (value === undefined) delete copy[key];
      else copy[key] = value;
      return copy;
    };
    const held = (json as Record<string, Json>)[key]!;
    for (const value of WRONG) yield put(value);
    for (const inner of changed(held)) yield put(inner);
  }
}

/** The names of everything that a schema's messages may hold. */
function names(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(names);
  if (schema === null || typeof schema !== 'object') return [];
  const { properties } = schema as { properties?: Record<string, unknown> };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(names)];
}

async function fresh(): Promise<{ line: TestLine; live: LiveSession }> {
  const line = new TestLine();
  const live = new LiveSession(source, line);
  live.receive(JSON.stringify(FITTING[0]));
  await line.next('ready');
  return { line, live };
}

describe('messages that do not fit', () => {
  it('are tried for everything the contract names', () => {
    const covered = new Set(names(z.toJSONSchema(LiveRequest, { unrepresentable: 'any' })));
    const tried = new Set(
      FITTING.flatMap((message) =>
        JSON.stringify(message)
          .match(/"(\w+)":/g)!
          .map((name) => name.slice(1, -2)),
      ),
    );
    expect([...covered].filter((name) => !tried.has(name) && name !== 'frame')).toEqual([]);
    for (const message of FITTING) expect(LiveRequest.safeParse(message).success).toBe(true);
  });

  it('are answered by their serial, or end the line, and never more', async () => {
    const count = { answered: 0, ended: 0 };
    let { line, live } = await fresh();
    for (const message of FITTING.flatMap((fitting) => [...changed(fitting)])) {
      if (LiveRequest.safeParse(message).success) continue;
      const before = line.of('failed').length;
      live.receive(JSON.stringify(message));
      expect(line.of('failed')).toHaveLength(before + 1);
      const { serial, error } = line.of('failed').at(-1)!;
      expect(error.code).toBe('bad-request');
      expect([null, (message as { serial?: Json }).serial]).toContain(serial);
      expect(line.closed).toBe(serial === null);
      count[serial === null ? 'ended' : 'answered'] += 1;
      if (line.closed) ({ line, live } = await fresh());
    }
    expect(count.answered).toBeGreaterThan(100);
    expect(count.ended).toBeGreaterThan(20);
    live.receive(JSON.stringify({ type: 'frame', serial: 77, frame: 3 }));
    await line.picture(77); // it goes on answering
    live.close();
  });

  it.each([
    ['nothing', ''],
    ['half a message', '{"type":"frame","serial":1'],
    ['a word', '"open"'],
    ['nothing at all', undefined],
    ['bytes', new Uint8Array(100)],
    ['an object', { type: 'open', projectId: 'p', height: 200 }],
    ['depths', '['.repeat(200_000)],
    ['more than a megabyte', JSON.stringify({ type: 'frame', serial: 1, frame: 1, more: 'x'.repeat(1 << 20) })],
    ['a second opening', JSON.stringify(FITTING[0])],
  ])('%s ends the line', async (_what, message) => {
    const { line, live } = await fresh();
    live.receive(message);
    expect(line.of('failed')).toMatchObject([{ serial: null, error: { code: 'bad-request' } }]);
    expect(line.closed).toBe(true);
    live.receive(JSON.stringify(FITTING[2])); // nobody listens any more: a closed line throws at whoever sends
    live.drained();
    live.close();
    await sleep(20);
  });

  it('a moment behind the last that live pictures show is refused at once, and natural motion goes on', async () => {
    const { line, live } = await fresh();
    const take = {
      version: 2,
      lanes: {},
      clips: [],
      pose: { kind: 'natural', seed: 1, shifts: true },
      range: null,
      markers: [],
    };
    live.receive(JSON.stringify({ type: 'take', serial: 69, take }));
    await line.next('motion');
    live.receive(JSON.stringify({ type: 'frame', serial: 70, frame: 100_000_000 }));
    expect(await line.next('failed')).toMatchObject({ serial: 70, error: { code: 'bad-request' } });
    live.receive(JSON.stringify({ type: 'frame', serial: 71, frame: 30 }));
    await line.picture(71);
    live.close();
  });

  it.each([FITTING[1], FITTING[2]])('out of order end the line: %j', (message) => {
    const line = new TestLine();
    new LiveSession(source, line).receive(JSON.stringify(message));
    expect(line.of('failed')).toMatchObject([{ serial: null }]);
    expect(line.closed).toBe(true);
  });
});
