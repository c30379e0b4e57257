import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { LiveReply } from '../../shared/contract/live.ts';
import { PLAIN_SPEECH, type Take } from '../../shared/domain/take.ts';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { openStudio } from '../studio/studio.ts';
import { CountingWindow } from '../../bench/counting-window.ts';
import { startWebHost } from './server.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-live-'));
const studio = openStudio({ libraryDir: join(folder, 'library') });
await copyFile(TINY, join(folder, 'tiny.likeness'));
const { projectId } = await studio.avatars.importBundle(join(folder, 'tiny.likeness'), 'Tiny');
const host = await startWebHost({ studio, windowDir: folder, uploadDir: join(folder, 'uploads') });
const { host: name, origin } = new URL(host.url);
const cookie = (await fetch(host.url, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!;
afterAll(async () => {
  await host.close();
  await studio.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const take: Take = {
  version: 2,
  clips: [],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  lanes: {},
  range: null,
  markers: [],
  muted: [],
  solo: [],
  removed: [],
};

describe('the live line of the web host', () => {
  it('brings the pictures that are asked for', async () => {
    const window = await CountingWindow.open(host.url);
    try {
      expect(await window.show(projectId, 128)).toMatchObject({ height: 128, fps: 25 });
      await window.speak(take);
      const { pictures, delays } = await window.ask(300, 2, (count) => count);
      expect(pictures).toBeGreaterThanOrEqual(2); // as many as were wished for at once, however slow the computer
      expect(delays).toHaveLength(pictures);
    } finally {
      window.close();
    }
  });

  /** Sends raw messages; answers what came back and the code that the line was closed with. */
  async function tell(...messages: (string | Buffer)[]): Promise<{ replies: LiveReply[]; closed: number | undefined }> {
    const socket = new WebSocket(`ws://${name}/live`, { headers: { cookie, origin } });
    const replies: LiveReply[] = [];
    let closed: number | undefined;
    socket.on('message', (text: Buffer) => replies.push(LiveReply.parse(JSON.parse(text.toString()))));
    socket.on('close', (code) => (closed = code));
    socket.on('error', () => undefined);
    await once(socket, 'open');
    for (const message of messages) socket.send(message);
    await once(socket, 'close');
    return { replies, closed };
  }

  it.each([
    ['nonsense', '{'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['a take before an opening', JSON.stringify({ type: 'take', serial: 1, take })],
    [
      'somebody else’s project',
      JSON.stringify({ type: 'open', projectId: '00000000-0000-0000-0000-000000000000', height: 360 }),
    ],
    ['a path for a project', JSON.stringify({ type: 'open', projectId: '../../etc', height: 360 })],
  ])('%s is told why, and closed', async (_what, message) => {
    const { replies, closed } = await tell(message);
    expect(replies).toMatchObject([
      { type: 'failed', serial: null, error: { code: expect.stringMatching(/bad-request|not-found/) } },
    ]);
    expect(closed).toBe(1005);
  });

  it('a message larger than any of ours ends it', async () => {
    expect(
      (await tell(JSON.stringify({ type: 'open', projectId, height: 360, more: 'x'.repeat(2 << 20) }))).closed,
    ).toBe(1009);
  });

  it('lets nobody in without the cookie, from another page, or under another name', async () => {
    const knock = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${name}/live`, { headers });
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => undefined);
      });
    expect(await knock({ origin })).toBe(403);
    expect(await knock({ origin, cookie: `${cookie.split('=')[0]}=AAAA` })).toBe(403);
    expect(await knock({ cookie })).toBe(403);
    expect(await knock({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await knock({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  });

  it.each(['//', '/live/../rpc', 'live', 'http://[', '/%zz', '*'])(
    'an upgrade to %s is refused and harms nobody',
    async (target) => {
      const [hostname, port] = name.split(':');
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      const lines = [
        `GET ${target} HTTP/1.1`,
        `Host: ${name}`,
        `Origin: ${origin}`,
        `Cookie: ${cookie}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(answer.toString()).toMatch(/^HTTP\/1.1 (403|400)/);
      // it goes on answering: there is no window in this folder
      expect((await fetch(origin, { headers: { cookie } })).status).toBe(404);
    },
  );
});
