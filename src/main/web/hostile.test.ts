import { on, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import WebSocket from 'ws';
import { openStudio } from '../studio/studio.ts';
import { accessFor } from './addresses.ts';
import { startWebHost, type WebHost } from './server.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-hostile-'));
await writeFile(join(folder, 'index.html'), 'the window');
const studio = openStudio({ libraryDir: join(folder, 'library') });
const hosts: WebHost[] = [];
const serve = async (password?: string): Promise<WebHost> => {
  const uploadDir = join(folder, `uploads-${hosts.length}`);
  const host = await startWebHost({ studio, windowDir: folder, uploadDir, access: accessFor({ password }) });
  hosts.push(host);
  return host;
};
afterAll(async () => {
  for (const host of hosts) await host.close();
  await studio.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});
const visit = (address: string, cookie = ''): Promise<Response> =>
  fetch(address, { redirect: 'manual', headers: { cookie } });
const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the printed address', () => {
  it('opens the window once', async () => {
    const { url } = await serve();
    const first = await visit(url);
    expect([first.status, cookieOf(first)]).toEqual([303, expect.stringMatching(/^likeness-/)]);
    const second = await visit(url);
    expect([second.status, cookieOf(second)]).toEqual([403, '']);
    expect(await second.text()).toContain('press Enter where the program runs');
  });

  it('may be opened again by whom it let in, who may reload too', async () => {
    const { url } = await serve();
    const cookie = cookieOf(await visit(url));
    expect((await visit(url, cookie)).status).toBe(303);
    for (let count = 0; count < 3; count++)
      expect(await (await visit(new URL('/', url).href, cookie)).text()).toBe('the window');
  });

  it('is not used up by a look at its head, or by a stranger with another name', async () => {
    const { url } = await serve();
    expect((await fetch(url, { method: 'HEAD', redirect: 'manual' })).status).toBe(403);
    expect((await fetch(url, { redirect: 'manual', headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await visit(url)).status).toBe(303);
  });

  it('is another one each time, and behind a password only for whoever sits at the computer', async () => {
    const open = await serve();
    const [one, other] = [open.url, open.url];
    expect(one).not.toBe(other);
    expect([(await visit(one)).status, (await visit(other)).status]).toEqual([303, 303]);
    const closed = await serve('correct horse battery');
    expect(new URL(closed.url).search).toBe('');
    for (let count = 0; count < 6; count++)
      await fetch(new URL('/login', closed.url), {
        method: 'POST',
        headers: { origin: new URL(closed.url).origin },
        body: new URLSearchParams({ password: 'wrong' }),
      });
    expect((await visit(closed.urlWithKey)).status).toBe(303);
  });
});

test('two studios on one computer do not put each other out', async () => {
  const [one, other] = [await serve(), await serve()];
  const jar = [cookieOf(await visit(one.url)), cookieOf(await visit(other.url))].join('; ');
  for (const { url } of [one, other]) expect((await visit(new URL('/', url).href, jar)).status).toBe(200);
});

describe('an address that is none', async () => {
  const { url } = await serve();
  const cookie = cookieOf(await visit(url));
  const { host } = new URL(url);
  const raw = async (target: string, headers = ''): Promise<string> => {
    const [name, port] = host.split(':');
    const socket = connect(Number(port), name);
    socket.on('error', () => undefined);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`);
    let answer = '';
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
    await once(socket, 'close');
    return answer;
  };

  it.each(['//', '///', '/\\', '//host:99999/', 'http://[', 'http://evil.example/', '*'])(
    '%s is refused at the gate, and no fault behind it',
    async (target) => {
      const outside = await raw(target);
      expect(outside).toMatch(/^HTTP\/1.1 403/);
      expect(outside).not.toContain('internal');
      const inside = await raw(target, `Cookie: ${cookie}\r\n`);
      expect(inside).toMatch(/^HTTP\/1.1 (404|400)/);
      expect(inside).toContain('nosniff');
    },
  );
});

describe('a message that cannot be understood', async () => {
  const { url } = await serve();
  const cookie = cookieOf(await visit(url));
  const { host, origin } = new URL(url);
  const list = '{"i":"last","p":{"u":"/projects/list","b":{}}}';
  /** What a message and, behind it, one of ours are answered with. */
  async function said(message: string | Buffer): Promise<{ i: string; p: { s?: number; b: unknown } }[]> {
    const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } });
    const answers: { i: string; p: { s?: number; b: unknown } }[] = [];
    await once(socket, 'open');
    socket.send(message);
    socket.send(list);
    for await (const [text] of on(socket, 'message')) {
      answers.push(JSON.parse(String(text)) as (typeof answers)[number]);
      if (answers.at(-1)!.i === 'last') break;
    }
    socket.terminate();
    return answers;
  }

  it.each([
    '{"i":"1"}',
    '{"i":"1","p":null}',
    '{"i":"1","p":{"u":7}}',
    '{"i":"1","p":{"u":"http://["}}',
    '{"i":"1","p":{"u":"/%zz"}}',
    '{"i":"1","p":{"u":"projects/list"}}',
    '{"i":"1","p":{"u":"/projects/list","h":7}}',
  ])('%s is answered as a call that does not fit', async (message) => {
    const [first, last] = (await said(message)).toSorted((a, b) => a.i.localeCompare(b.i));
    expect(first).toMatchObject({ i: '1', p: { s: 400, b: { json: { code: 'BAD_REQUEST' } } } });
    expect(last).toMatchObject({ i: 'last', p: { b: { json: [] } } });
  });

  it.each(['{', 'null', '[]', '{"i":{},"p":{"u":"/x"}}', '{"i":"1","t":9,"p":{}}', '{"i":"1","t":3}', Buffer.alloc(9)])(
    '%j has nobody to answer, and the line goes on',
    async (message) => expect(await said(message)).toMatchObject([{ i: 'last', p: { b: { json: [] } } }]),
  );
});
