import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask as askAt, type Gate, knock as knockAt, openGate } from './gate.ts';

// Whom the web host lets in, and which addresses lead nowhere.
let gate: Gate;
const ask = (...how: Rest<typeof askAt>) => askAt(gate, ...how);
const knock = (...how: Rest<typeof knockAt>) => knockAt(gate, ...how);
type Rest<Call> = Call extends (gate: Gate, ...rest: infer Others) => unknown ? Others : never;
let { host, origin, cookie, project, other, sound } = {} as Gate;
let own = '';

beforeAll(async () => {
  gate = await openGate();
  ({ host, origin, cookie, project, other, sound } = gate);
  own = new URL(host.url).host;
});
afterAll(() => gate?.close());

describe('who comes in', () => {
  test('our own window does', async () => {
    expect((await ask('/')).status).toBe(200);
    expect((await ask(`/media/${project}/source`)).status).toBe(200);
    expect(await knock('/rpc', { cookie, origin })).toBe('open');
    expect(await knock('/live', { cookie, origin })).toBe('open');
  });

  test('a program does that has the token, and each by its own way alone', async () => {
    const authorization = `Bearer ${readFileSync(host.tokenFile!, 'utf8').trim()}`;
    const film = `/api/v1/projects/${project}/exports/a%20film.mp4`;
    for (const path of ['/api/v1/projects', '/api/v1/openapi.json', film]) {
      expect((await fetch(`${origin}${path}`, { headers: { authorization } })).status).toBe(200);
      expect((await ask(path)).status).toBe(401);
    }
    expect((await fetch(origin, { headers: { authorization } })).status).toBe(403);
  });

  test.each([
    ['no cookie', undefined],
    ['a made-up cookie', 'A'.repeat(32)],
    ['an empty cookie', ''],
  ])('nobody with %s', async (_what, value) => {
    const headers: Record<string, string> = value === undefined ? {} : { cookie: `${cookie.split('=')[0]}=${value}` };
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
  '/media/PROJECT/proofs/1.checkpoint.pt',
  '/media/PROJECT/proofs/1.%2e%2e%2fproof-1.jpg',
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
