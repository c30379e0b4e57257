import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test, vi } from 'vitest';
import { tinyClip } from '../../studio/media/clips.fixture.ts';
import { Problem } from './problem.ts';
import { heldVoices, servedApi, TOKEN } from './served.fixture.ts';

const { at, studio, serve, host, ask, close } = await servedApi();
const { host: name, hostname, port } = new URL(host.apiUrl);
afterAll(close);

await tinyClip(at('ada.mp4'));
const ada = { path: at('ada.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
const { projectId } = await studio.projects.importVideo(ada);

/** A connection on which a request is written by hand. */
function line(head: string, headers: Readonly<Record<string, string | number>> = {}, to = port): Socket {
  const socket = connect(Number(to), hostname);
  socket.on('error', () => undefined);
  const all = { Host: name, Authorization: `Bearer ${TOKEN}`, ...headers };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  socket.write(`${head} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}
/** All that came until the server closed it. */
async function answerOn(socket: Socket): Promise<string> {
  let answer = '';
  socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
  await once(socket, 'close');
  return answer;
}
/** A problem, as it has to be told. */
async function problemIn(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const told = Problem.parse(await response.json());
  expect(told.status).toBe(response.status);
  return told;
}
const post = (path: string, body: BodyInit, type = 'application/json') =>
  ask(path, { method: 'POST', body, headers: { 'content-type': type } });

const patch = (body: BodyInit) =>
  ask(`/projects/${projectId}`, { method: 'PATCH', body, headers: { 'content-type': 'application/json' } });
const DEEP = '['.repeat(200_000) + ']'.repeat(200_000);

describe('nobody comes in', () => {
  it.each([
    ['without a token', ''],
    ['with another token', `Bearer ${'U'.repeat(32)}`],
    ['with half of it', `Bearer ${TOKEN.slice(16)}`],
    ['with a longer one', `Bearer ${TOKEN}T`],
    ['with it as a password', `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`],
  ])('%s', async (_how, authorization) => {
    for (const path of ['/projects', '/openapi.json', '/uploads', `/projects/${projectId}/exports/x.mp4`, '/nothing']) {
      const response = await ask(path, { headers: { authorization } });
      expect(await problemIn(response)).toMatchObject({ status: 401, code: 'unauthorized' });
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('with the token in the address, or a cookie of the window', async () => {
    const cookie = (await fetch(host.url, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
    const response = await fetch(`${host.apiUrl}/projects?token=${TOKEN}`, { headers: { cookie } });
    expect(await problemIn(response)).toMatchObject({ status: 401 });
  });

  it('from a page of another site, or under another name', async () => {
    const page = await ask('/projects', { headers: { origin: 'http://evil.example' } });
    expect(await problemIn(page)).toMatchObject({ status: 403, code: 'forbidden' });
    const named = await answerOn(line('GET /api/v1/projects', { Host: 'evil.example', Connection: 'close' }));
    expect(named).toMatch(/^HTTP\/1.1 403/);
  });
});

test('without --api there is no way in', async () => {
  const { startWebHost } = await import('../server.ts');
  const closed = await startWebHost({ studio, windowDir: at('window'), uploadDir: at('closed') });
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await fetch(`${closed.apiUrl}/projects`, { headers })).status).toBe(403);
  await closed.close();
});

describe('what does not fit is told as a problem', () => {
  it.each([
    ['no JSON', '{"name":', 400],
    ['no text', new Uint8Array([0xff, 0xfe, 0x00]), 400],
    ['a list', '[]', 400],
    ['deep JSON', `{"name":${DEEP}}`, 400],
    ['a prototype', '{"__proto__":{"name":"x"}}', 400],
    ['too much', JSON.stringify({ name: 'x'.repeat(2 << 20) }), 413],
  ])('%s', async (_what, body, status) => {
    expect(await problemIn(await patch(body))).toMatchObject({ status });
  });

  it('deep JSON beside what does is passed over', async () =>
    expect((await patch(`{"name":"x","more":${DEEP}}`)).status).toBe(200));

  it('a form is no JSON', async () => {
    const form = new URLSearchParams({ name: 'x' });
    expect(await problemIn(await ask(`/projects/${projectId}`, { method: 'PATCH', body: form }))).toMatchObject({
      status: 415,
    });
  });

  it('where it does not fit is pointed at', async () => {
    const told = await problemIn(await post('/projects', JSON.stringify({ name: '', consent: { basis: 'none' } })));
    expect(told.errors!.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(['/file', '/name', '/consent/basis']),
    );
  });

  it.each([
    ['GET', '/projects/nobody', 404, 'not-found'],
    ['GET', '/nothing', 404, 'not-found'],
    ['GET', '/jobs/none/events', 404, 'not-found'],
    ['GET', `/projects/${projectId}/exports/none.mp4`, 404, 'not-found'],
    ['GET', `/projects/${projectId}/exports/..%2f..%2f..%2flibrary.db`, 404, 'not-found'],
    ['GET', `/projects/${projectId}/exports/%2e%2e`, 404, 'not-found'],
    ['GET', `/projects/..%2f..%2fapi-token/exports/x`, 404, 'not-found'],
    ['GET', `/projects/${projectId}/exports/%zz`, 400, 'bad-request'],
    ['GET', `/projects/..%2f..`, 400, 'bad-request'],
  ])('%s %s: %i', async (method, path, status, code) => {
    const response = await ask(path, { method });
    expect(await problemIn(response)).toMatchObject({ status, code });
  });

  it.each([
    ['PUT', '/projects', 'GET, POST'],
    ['OPTIONS', '/projects', 'GET, POST'],
    ['HEAD', '/jobs', 'GET'],
    ['POST', `/projects/${projectId}/exports/x.mp4`, 'GET'],
  ])('%s %s is said to take %s', async (method, path, allowed) => {
    const response = await ask(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('a file of this computer cannot be named', async () => {
    const file = { kind: 'path', path: at('ada.mp4') };
    const asked = { file, name: 'x', consent: { basis: 'synthetic', note: '' } };
    expect(await problemIn(await post('/projects', JSON.stringify(asked)))).toMatchObject({ code: 'bad-request' });
    const sound = { sound: file, mode: 'portrait', height: 128 };
    const told = await problemIn(await post(`/projects/${projectId}/export`, JSON.stringify(sound)));
    expect(told).toMatchObject({ code: 'bad-request' });
    expect(JSON.stringify(told)).not.toContain(at(''));
  });

  it('what is a window’s alone is not there', async () => {
    for (const path of ['/settings/get', '/system/report', '/notices', '/work/showExports'])
      expect((await post(path, '{}')).status).toBe(404);
  });
});

describe('uploads', () => {
  it('of 10 GB, or of no said length, are refused before they come', async () => {
    const large = await answerOn(line('POST /api/v1/uploads?name=a.mp4', { 'Content-Length': 10 * 2 ** 30 }));
    expect(large).toMatch(/^HTTP\/1.1 413/);
    const chunked = await answerOn(line('POST /api/v1/uploads?name=a.mp4', { 'Transfer-Encoding': 'chunked' }));
    expect(chunked).toMatch(/^HTTP\/1.1 411/);
  });

  it('of which nothing more comes are given up, and leave nothing', async () => {
    const impatient = await serve('silent', { silentMs: 100 });
    const { port: there, host: own } = new URL(impatient.host.apiUrl);
    const slow = line('POST /api/v1/uploads?name=a.mp4', { Host: own, 'Content-Length': 1000 }, there);
    slow.write('a few');
    await once(slow, 'close');
    const left = (): string[] => (existsSync(at('silent')) ? readdirSync(at('silent')) : []);
    await expect.poll(left).toEqual([]);
    expect((await impatient.ask('/projects')).status).toBe(200);
    expect(readFileSync(join(studio.libraryDir, 'logs', 'likeness.log'), 'utf8')).not.toMatch(/ fault /);
  });

  it('are deleted when asked to be', async () => {
    const { token } = (await (await post('/uploads?name=../../a.mp4', 'abc', 'video/mp4')).json()) as { token: string };
    expect(readdirSync(at('uploads'))).toEqual([`${token}.mp4`]);
    expect((await ask(`/uploads/${token}`, { method: 'DELETE' })).status).toBe(204);
    expect(readdirSync(at('uploads'))).toEqual([]);
  });
});

test('whoever leaves while a job is followed leaves nothing behind, and few can follow at once', async () => {
  const watch = studio.jobs.watch.bind(studio.jobs);
  let watching = 0;
  vi.spyOn(studio.jobs, 'watch').mockImplementation(async function* (id, signal) {
    watching += 1;
    try {
      yield* watch(id, signal);
    } finally {
      watching -= 1;
    }
  });
  const release = heldVoices(studio);
  const script = { text: 'Hello.', voice: 'hum', speed: 1, pause: 0 };
  const asked = await post(`/projects/${projectId}/say`, JSON.stringify({ script }));
  const { jobId } = (await asked.json()) as { jobId: string };
  const leave = new AbortController();
  const follow = () => ask(`/jobs/${jobId}/events`, { signal: leave.signal });
  const following = await Promise.all(Array.from({ length: 32 }, follow));
  expect(following.map(({ status }) => status)).toEqual(following.map(() => 200));
  expect(watching).toBe(32);
  expect(await problemIn(await ask(`/jobs/${jobId}/events`))).toMatchObject({ status: 429 });
  leave.abort();
  await expect.poll(() => watching).toBe(0);
  studio.jobs.cancel(jobId);
  release();
  const ended = await ask(`/jobs/${jobId}/events`);
  expect(await ended.text()).toContain('"status":"cancelled"');
  expect(watching).toBe(0);
});

test('so many requests a minute are answered, those of strangers counted apart', async () => {
  const allowance = { windowMs: 24 * 3600 * 1000, fromOne: 3, fromAll: 3 };
  const few = await serve('few', { requests: allowance, strangers: allowance });
  const wrong = async () => (await few.ask('/projects', { headers: { authorization: 'Bearer wrong' } })).status;
  expect([await wrong(), await wrong(), await wrong(), await wrong()]).toEqual([401, 401, 401, 429]);
  for (let count = 0; count < 3; count++) expect((await few.ask('/projects')).status).toBe(200);
  const refused = await few.ask('/projects');
  expect(await problemIn(refused)).toMatchObject({ status: 429, code: 'too-many' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
