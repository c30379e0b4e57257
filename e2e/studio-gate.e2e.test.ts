import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { z } from 'zod';
import { serve } from '../src/main/serve.ts';
import { LiveRequest } from '../src/shared/contract/live.ts';
import { contract } from '../src/shared/contract/studio.ts';
import { buildWindow } from './build-window.ts';
import { malformed } from './malformed.ts';
import { clientOn, cookieOf } from './studio-client.ts';

// What the web host refuses, and that it goes on answering its own window afterwards.
const library = mkdtempSync(join(tmpdir(), 'likeness-gate-'));
let host: Awaited<ReturnType<typeof serve>>;
let origin = '';
let own = '';
let cookie = '';
let project = '';
let other = ''; // a project without pictures, sounds or analysis
let sound = '';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string; // a character for each byte
}

/** A request as it is: no client tidies its path, and any header may be sent. */
function ask(
  path: string,
  headers: Record<string, string> = { cookie },
  options: { method?: string; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method: options.method ?? 'GET' }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** The HTTP status a socket is refused with, or 'open'. */
function knock(path: string, headers: Record<string, string>): Promise<number | 'open'> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', (error) => (error.message.includes('Unexpected server response') ? undefined : reject(error)));
  });
}

beforeAll(async () => {
  buildWindow();
  host = await serve({ libraryDir: library });
  ({ origin } = new URL(host.url));
  own = new URL(host.url).host;
  cookie = await cookieOf(host.url);
  const { ffmpeg } = await host.studio.tools();
  const clip = join(library, 'clip.mp4');
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x240:rate=25:duration=1',
    '-f',
    'lavfi',
    '-i',
    'sine=d=1',
    '-pix_fmt',
    'yuv420p',
    clip,
  ]);
  project = (await host.studio.projects.importVideo({ path: clip, name: 'Clip', consent: { basis: 'synthetic' } }))
    .projectId;
  const mute = join(library, 'mute.mp4');
  execFileSync(ffmpeg, ['-v', 'error', '-i', clip, '-an', '-c', 'copy', mute]);
  other = (await host.studio.projects.importVideo({ path: mute, name: 'Other', consent: { basis: 'synthetic' } }))
    .projectId;
  sound = (await host.studio.timeline.addSound(project, clip, 'A tone')).id;
  const pictures = host.studio.timeline.makePictures(project).id;
  while (host.studio.jobs.list().some(({ id, state }) => id === pictures && state.kind !== 'done')) await sleep(50);
  mkdirSync(host.studio.library.paths.analysis(project), { recursive: true });
  writeFileSync(join(host.studio.library.paths.analysis(project), 'track.safetensors'), 'a track');
  mkdirSync(host.studio.library.paths.exports(project), { recursive: true });
  writeFileSync(join(host.studio.library.paths.exports(project), 'a film.mp4'), 'film');
});
afterAll(async () => {
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

describe('who comes in', () => {
  test('our own window does', async () => {
    expect((await ask('/')).status).toBe(200);
    expect((await ask(`/media/${project}/source`)).status).toBe(200);
    expect(await knock('/rpc', { cookie, origin })).toBe('open');
    expect(await knock('/live', { cookie, origin })).toBe('open');
  });

  test.each([
    ['no cookie', {}],
    ['a made-up cookie', { cookie: 'likeness=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['an empty cookie', { cookie: 'likeness=' }],
  ])('nobody with %s', async (_what, headers) => {
    for (const path of ['/', '/assets/x.js', `/media/${project}/source`])
      expect((await ask(path, headers)).status).toBe(403);
    expect((await ask('/upload?name=a.mp4', { ...headers, origin }, { method: 'POST', body: 'x' })).status).toBe(403);
    expect(await knock('/rpc', { ...headers, origin })).toBe(403);
    expect(await knock('/live', { ...headers, origin })).toBe(403);
  });

  test.each(['', 'wrong', 'A'.repeat(32), '%00'])('nobody with the token "%s"', async (token) => {
    expect((await ask(`/?token=${token}`, {})).status).toBe(403);
  });

  test('a page of another site gets nothing, cookie or not', async () => {
    for (const foreign of ['http://evil.example', 'null', `http://${own}.evil.example`, `https://${own}`]) {
      expect((await ask('/', { cookie, origin: foreign })).status).toBe(403);
      expect((await ask('/upload?name=a.mp4', { cookie, origin: foreign }, { method: 'POST', body: 'x' })).status).toBe(
        403,
      );
      expect(await knock('/rpc', { cookie, origin: foreign })).toBe(403);
      expect(await knock('/live', { cookie, origin: foreign })).toBe(403);
    }
    expect(await knock('/rpc', { cookie })).toBe(403); // a browser always names its origin
    expect(await knock('/live', { cookie })).toBe(403);
  });

  test('a name that was made to point here gets nothing', async () => {
    for (const name of ['evil.example', `evil.example:${new URL(origin).port}`, '127.0.0.1:1']) {
      expect((await ask('/', { cookie, host: name })).status).toBe(403);
      expect((await ask(new URL(host.url).pathname + new URL(host.url).search, { host: name })).status).toBe(403);
      expect(await knock('/rpc', { cookie, origin: `http://${name}`, host: name })).toBe(403);
      expect(await knock('/live', { cookie, origin: `http://${name}`, host: name })).toBe(403);
    }
  });
});

test.each([
  '/../package.json',
  '/%2e%2e/%2e%2e/package.json',
  '/..%2f..%2fpackage.json',
  '/assets/..%5c..%5c..%5cpackage.json',
  '/%00',
  '/media/PROJECT/../../library.db',
  '/media/PROJECT/exports/..%2f..%2f..%2flibrary.db',
  '/media/PROJECT/exports/..%5c..%5clibrary.db',
  '/media/PROJECT/exports/%2e%2e',
  '/media/PROJECT/exports/.hidden',
  '/media/PROJECT/proofs/..%2fcheckpoint.pt',
  '/media/PROJECT/proofs/checkpoint.pt',
  '/media/PROJECT/source/extra',
  '/media/PROJECT/track/extra',
  '/media/PROJECT/track.safetensors',
  '/media/PROJECT/pictures',
  '/media/PROJECT/pictures/25',
  '/media/PROJECT/pictures/-1',
  '/media/PROJECT/pictures/1e1',
  '/media/PROJECT/pictures/0x0',
  '/media/PROJECT/pictures/%20',
  '/media/PROJECT/pictures/99999999999999999999',
  '/media/PROJECT/pictures/frames.mjpeg',
  '/media/PROJECT/pictures/..%2fsource.mp4',
  '/media/PROJECT/sounds/SOUND.json',
  '/media/PROJECT/sounds/SOUND.wav',
  '/media/PROJECT/sounds/..%2fsource',
  '/media/PROJECT/sounds/0000000000000000',
  '/media/OTHER/pictures/0',
  '/media/OTHER/track',
  '/media/OTHER/sounds/source',
  '/media/OTHER/sounds/SOUND',
  '/media/..%2f..%2flibrary.db',
  '/media/00000000-0000-0000-0000-000000000000/source',
  '//etc/passwd',
  '/etc/passwd',
])('%s leads nowhere', async (path) => {
  const { status, body } = await ask(path.replace('PROJECT', project).replace('OTHER', other).replace('SOUND', sound));
  expect([400, 404]).toContain(status);
  expect(body).toBe('');
});

test('a damaged address is answered, not fallen over', async () => {
  expect((await ask('/%zz')).status).toBe(400);
  expect((await ask('/media/%E0%A4%A')).status).toBe(400);
  expect((await ask('//')).status).toBeGreaterThanOrEqual(400);
});

test('a film is sent in the parts that are asked for', async () => {
  expect(await ask(`/media/${project}/exports/a%20film.mp4`, { cookie, range: 'bytes=1-2' })).toMatchObject({
    status: 206,
    body: 'il',
  });
  expect((await ask(`/media/${project}/exports/a%20film.mp4`, { cookie, range: 'bytes=9-' })).status).toBe(416);
});

test('a picture is one JPEG of the file they lie in, kept by the browser under its version', async () => {
  const { version } = (await host.studio.projects.get(project)).pictures!;
  const picture = await ask(`/media/${project}/pictures/24?v=${version}`);
  expect(picture).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'image/jpeg',
      'cache-control': expect.stringContaining('immutable') as string,
      'content-length': String(picture.body.length),
    },
  });
  expect([picture.body.slice(0, 2), picture.body.slice(-2)]).toEqual(['\xff\xd8', '\xff\xd9']);
  expect((await ask(`/media/${project}/pictures/24`)).headers['cache-control']).toBe('no-cache');
  const part = await ask(`/media/${project}/pictures/24`, { cookie, range: 'bytes=0-99' });
  expect(part).toMatchObject({
    status: 206,
    headers: { 'content-range': `bytes 0-99/${picture.body.length}` },
    body: picture.body.slice(0, 100),
  });
  expect((await ask(`/media/${project}/pictures/24`, { cookie, range: `bytes=${picture.body.length}-` })).status).toBe(
    416,
  );
});

test("a sound is a WAV file, the video's own too, and a track is sent in parts", async () => {
  for (const id of [sound, 'source']) {
    const whole = await ask(`/media/${project}/sounds/${id}`);
    expect(whole).toMatchObject({ status: 200, headers: { 'content-type': 'audio/wav' } });
    expect(whole.body.slice(0, 4) + whole.body.slice(8, 12)).toBe('RIFFWAVE');
    expect(await ask(`/media/${project}/sounds/${id}`, { cookie, range: 'bytes=0-3' })).toMatchObject({
      status: 206,
      body: 'RIFF',
    });
  }
  expect(await ask(`/media/${project}/track`, { cookie, range: 'bytes=2-' })).toMatchObject({
    status: 206,
    body: 'track',
  });
});

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
    expect(await knock('/live', { cookie, origin })).toBe('open');
  });
});
