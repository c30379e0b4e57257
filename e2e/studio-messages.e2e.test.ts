import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { z } from 'zod';
import { LiveRequest } from '../src/shared/contract/live.ts';
import { contract } from '../src/shared/contract/studio.ts';
import { type Gate, knock, openGate } from './gate.ts';
import { malformed } from './malformed.ts';
import { clientOn } from './studio-client.ts';

// Messages that the core refuses, and that it goes on answering its own window afterwards.
let gate: Gate;
let { host, origin, cookie, project } = {} as Gate;

beforeAll(async () => {
  gate = await openGate();
  ({ host, origin, cookie, project } = gate);
});
afterAll(() => gate?.close());

/** An answer of the core: to which message, and with which status where it is not 200. */
interface Message {
  readonly i: string;
  readonly p: { readonly s?: number };
}

interface Procedure {
  readonly path: string;
  /** Undefined: it is asked without anything. */
  readonly input: z.ZodType | undefined;
}

/** Every procedure, read from the contract. */
function procedures(node: object, path: readonly string[] = []): Procedure[] {
  if ('~orpc' in node)
    return [{ path: `/${path.join('/')}`, input: (node['~orpc'] as { inputSchema?: z.ZodType }).inputSchema }];
  return Object.entries(node).flatMap(([name, child]) => procedures(child as object, [...path, name]));
}

describe('messages to the core', () => {
  /** Sends these on a line of their own, until each was answered or the line was closed. */
  async function tell(
    messages: readonly (string | Buffer)[],
    count = messages.length,
  ): Promise<{ answers: Message[]; closed: number | undefined }> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
    const answers: Message[] = [];
    let closed: number | undefined;
    await new Promise<void>((resolve) => {
      socket.on(
        'message',
        (text: Buffer) => answers.push(JSON.parse(text.toString()) as Message) === count && resolve(),
      );
      socket.on('close', (code) => resolve(void (closed = code)));
      socket.on('error', () => undefined);
      socket.on('open', () => messages.forEach((message) => socket.send(message)));
    });
    socket.terminate();
    return { answers, closed };
  }
  const request = (u: string, json: unknown, i = '1') => JSON.stringify({ i, p: { u, b: { json } } });
  const projects = async () => {
    const { client, close } = clientOn(host.url, cookie);
    return client.projects.list().finally(close);
  };

  test('nonsense is survived', async () => {
    const nonsense = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"i":"1"}',
      '{"i":1,"p":{"u":1}}',
      '{"i":"1","t":4}',
      '{"i":"1","t":3,"p":null}',
      Buffer.from([255, 0, 1, 2]),
      Buffer.alloc(100),
    ];
    const { answers } = await tell(
      [
        ...nonsense,
        request('http://evil.example/projects/list', undefined, '2'),
        request('/projects/list', undefined, 'last'),
      ],
      2,
    );
    expect(answers.at(-1)).toMatchObject({ i: 'last', p: { b: { json: [{}, {}] } } }); // the same line goes on
    expect(await projects()).toHaveLength(2);
  });

  const all = procedures(contract);
  const asked = all.filter(({ input }) => input !== undefined);

  test.each(asked)('$path refuses what does not fit', async ({ path, input }) => {
    const { fits, broken } = malformed(input!);
    expect(input!.safeParse(fits).success).toBe(true); // so that each of the others is wrong in one place
    expect(broken.length).toBeGreaterThan(20);
    const bodies = [...broken, { __proto__: { id: project } }, { id: 'a'.repeat(100_000) }].filter(
      (body) => !input!.safeParse(body).success,
    );
    const { answers } = await tell(bodies.map((json, index) => request(path, json, String(index))));
    expect(answers.filter(({ p }) => p.s !== 400)).toEqual([]);
    expect(answers).toHaveLength(bodies.length);
    expect(await projects()).toHaveLength(2); // it goes on answering
  });

  test.each(all)('$path ends the line of whoever sends too much', async ({ path }) => {
    const { answers, closed } = await tell([request(path, { id: project, name: 'x'.repeat((1 << 20) + 1) })]);
    expect([answers, closed]).toEqual([[], 1009]);
  });

  test('what is near the name of a procedure is none', async () => {
    const near = all.flatMap(({ path }) => [`${path}/x`, `/x${path}`, `${path}%00`, path.toUpperCase()]);
    const inherited = [
      '/__proto__',
      '/constructor',
      '/projects/constructor',
      '/projects/__proto__/list',
      '/projects/list/~orpc',
      '/~orpc',
      '/',
    ];
    const { answers } = await tell(
      [...near, ...inherited].map((path, index) => request(path, { id: project, name: 'x' }, String(index))),
    );
    expect(answers.filter(({ p }) => p.s !== 404)).toEqual([]);
    expect(await projects()).toHaveLength(2);
  });

  test('a page in a browser cannot name a file of this computer', async () => {
    const { client, close } = clientOn(host.url, cookie);
    await expect(
      client.projects.import({
        file: { kind: 'path', path: '/etc/passwd' },
        name: 'x',
        consent: { basis: 'self', note: '' },
      }),
    ).rejects.toMatchObject({ code: 'bad-request' });
    await expect(
      client.sounds.add({ id: project, file: { kind: 'path', path: '/etc/passwd' }, name: 'x' }),
    ).rejects.toMatchObject({ code: 'bad-request' });
    await expect(
      client.projects.import({
        file: { kind: 'upload', token: 'A'.repeat(24) },
        name: 'x',
        consent: { basis: 'self', note: '' },
      }),
    ).rejects.toMatchObject({ code: 'not-found' });
    close();
  });
});

describe('messages on the line of live pictures', () => {
  /** What becomes of the first message on a line of its own. */
  function say(message: string | Buffer): Promise<string> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, { headers: { cookie, origin } });
    return new Promise<string>((resolve) => {
      socket.on('open', () => socket.send(message));
      socket.on('message', (text: Buffer, binary) =>
        resolve(binary ? 'a picture' : (JSON.parse(text.toString()) as { type: string }).type),
      );
      socket.on('close', (code) => resolve(`closed ${code}`));
      socket.on('error', () => undefined);
    }).finally(() => socket.terminate());
  }
  const refused = /^(failed|closed \d+)\b/;

  test.each(LiveRequest.options)('$shape.type.value is refused where it does not fit', async (option) => {
    const { fits, broken } = malformed(option);
    expect(LiveRequest.safeParse(fits).success).toBe(true);
    const messages = broken
      .filter((message) => message !== undefined && !LiveRequest.safeParse(message).success)
      .map((message) => JSON.stringify(message));
    expect(messages.length).toBeGreaterThan(30);
    const answered: string[] = [];
    const some = Array.from({ length: 8 }, async (_, first) => {
      for (let index = first; index < messages.length; index += 8)
        answered.push(`${await say(messages[index]!)} ${messages[index]!.slice(0, 200)}`);
    });
    await Promise.all(some); // at most 16 lines at a time
    expect(answered.filter((line) => !refused.test(line))).toEqual([]);
    expect(answered).toHaveLength(messages.length);
  });

  test('nonsense, too much, and what comes out of turn', async () => {
    for (const message of ['', '{', 'null', '[]', '"open"', Buffer.from([255, 0, 1, 2]), Buffer.alloc(1000)])
      expect(await say(message)).toMatch(refused);
    expect(await say(JSON.stringify({ type: 'frame', serial: 1, frame: 0 }))).toMatch(refused); // nothing is open
    expect(await say(JSON.stringify({ type: 'open', projectId: project, height: 360 }))).toMatch(refused); // no avatar
    expect(
      await say(JSON.stringify({ type: 'open', projectId: project, height: 360, more: 'x'.repeat(1 << 20) })),
    ).toBe('closed 1009');
    expect(await knock(gate, '/live', { cookie, origin })).toBe('open');
  });
});
