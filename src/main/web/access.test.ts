import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import WebSocket from 'ws';
import { openStudio } from '../studio/studio.ts';
import { accessFor, addressOf, namesOf } from './addresses.ts';
import { Attempts } from './attempts.ts';
import { startWebHost } from './server.ts';

const PASSWORD = 'correct horse battery';
const folder = mkdtempSync(join(tmpdir(), 'likeness-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('other computers are let in only when that is asked for, with a password', () => {
  it('this computer needs neither', () =>
    expect(accessFor({})).toEqual({ bind: '127.0.0.1', names: [], password: undefined }));

  it.each([
    [{ bind: '0.0.0.0' }, /At 0\.0\.0\.0 other computers could open this library\./],
    [{ bind: '::' }, /other computers/],
    [{ bind: '127.0.0.2' }, /other computers/],
    [{ bind: '192.168.1.7', password: PASSWORD }, /other computers/],
    [{ bind: '0.0.0.0', remote: true }, /Without a password/],
    [{ bind: '0.0.0.0', remote: true, password: 'short' }, /shorter than 12/],
    [{ bind: '0.0.0.0', remote: true, password: '' }, /shorter than 12/],
    [{ bind: 'studio.example', remote: true, password: PASSWORD }, /not an IP address/],
    [{ names: ['http://studio.example'] }, /not the name of a computer/],
    [{ names: ['*'] }, /not the name of a computer/],
  ])('%j is refused', (asked, message) => expect(() => accessFor(asked)).toThrow(message));

  it('asked for, it is', () =>
    expect(accessFor({ bind: '0.0.0.0', remote: true, password: PASSWORD, names: ['Studio.Example'] })).toEqual({
      bind: '0.0.0.0',
      names: ['studio.example'],
      password: PASSWORD,
    }));

  it('and so on the command line', () => {
    const cli = resolve('src/main/cli/index.ts');
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', cli, 'serve', '--json', '--library', join(folder, 'unused'), ...args],
        { encoding: 'utf8', env: { ...process.env, LIKENESS_PASSWORD: '' } },
      );
    const refused = run('--bind', '0.0.0.0', '--remote');
    expect(refused.status).toBe(2);
    expect((JSON.parse(refused.stdout) as { error: unknown }).error).toMatchObject({
      code: 'bad-request',
      hint: 'Set LIKENESS_PASSWORD, or name a file with --password-file.',
    });
  });
});

test('a server goes by its own names, and those it was given', () => {
  const here = accessFor({ names: ['studio.example', 'localhost:9000'] });
  const { hosts, origins } = namesOf(here, 80);
  expect(hosts).toEqual(['127.0.0.1:80', 'localhost:80', 'studio.example', 'localhost:9000']);
  expect(origins).toContain('https://studio.example');
  expect(origins).not.toContain('https://127.0.0.1:80');
  const remote = accessFor({ bind: '::1', remote: true, password: PASSWORD });
  expect(namesOf(remote, 80).hosts).toContain('[::1]:80');
  expect(addressOf(remote, 80)).toBe('http://[::1]:80/');
});

describe('attempts', () => {
  it('from one address are few, and come back with time', () => {
    let now = 0;
    const attempts = new Attempts(() => now);
    expect([1, 2, 3, 4, 5].map(() => attempts.begin('a'))).toEqual([0, 0, 0, 0, 0]);
    now = 60_000;
    expect(attempts.begin('a')).toBe(240);
    expect(attempts.begin('b')).toBe(0);
    now = 300_000;
    expect(attempts.begin('a')).toBe(0);
  });

  it('from many addresses are few too', () => {
    const attempts = new Attempts(() => 0);
    const let_in = Array.from({ length: 500 }, (_, count) => attempts.begin(`10.0.0.${count}`)).filter(
      (wait) => wait === 0,
    );
    expect(let_in).toHaveLength(50);
  });

  it('are forgotten after the right password', () => {
    const attempts = new Attempts(() => 0);
    for (let count = 0; count < 20; count++) {
      expect(attempts.begin('a')).toBe(0);
      attempts.succeeded('a');
    }
  });
});

describe('a window behind a password', async () => {
  const windowDir = join(folder, 'window');
  mkdirSync(windowDir);
  writeFileSync(join(windowDir, 'index.html'), 'the window');
  const studio = openStudio({ libraryDir: join(folder, 'library') });
  const hosts: Awaited<ReturnType<typeof startWebHost>>[] = [];
  /** Attempts are counted by each server for itself. */
  const served = async () => {
    const host = await startWebHost({
      studio,
      windowDir,
      uploadDir: join(folder, `uploads-${hosts.length}`),
      access: accessFor({ bind: '0.0.0.0', remote: true, password: PASSWORD }),
    });
    hosts.push(host);
    const port = Number(new URL(host.url).port);
    const own = `127.0.0.1:${port}`;
    const ask = (path: string, headers: Record<string, string> = {}, form?: string) =>
      new Promise<{
        status: number;
        cookie: string | undefined;
        retry: string | undefined;
        body: string;
        policy: string;
      }>((answered, failed) => {
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path,
            method: form === undefined ? 'GET' : 'POST',
            headers: { host: own, ...headers },
          },
          (response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (text: string) => (body += text));
            const {
              'set-cookie': cookies,
              'retry-after': retry,
              'content-security-policy': policy = '',
            } = response.headers;
            response.on('end', () =>
              answered({ status: response.statusCode ?? 0, cookie: cookies?.[0], retry, body, policy: String(policy) }),
            );
          },
        );
        sent.on('error', failed);
        sent.end(form);
      });
    const logIn = (password: string, headers: Record<string, string> = { origin: `http://${own}` }) =>
      ask('/login', headers, new URLSearchParams({ password }).toString());
    return { host, own, ask, logIn };
  };
  afterAll(async () => {
    for (const host of hosts) await host.close();
    await studio.close();
  });

  it('shows a form and nothing else; its address carries no key', async () => {
    const { host, ask } = await served();
    expect(new URL(host.url).search).toBe('');
    const page = await ask('/');
    expect([page.status, page.cookie]).toEqual([200, undefined]);
    expect(page.body).toContain('type="password"');
    expect(page.policy).toContain("form-action 'self'");
    expect(page.policy).toContain("script-src 'self'");
    for (const path of [
      '/index.html',
      '/assets/a.js',
      '/media/x/source',
      '/login',
      '/?token=',
      `/?token=${'A'.repeat(32)}`,
    ])
      expect((await ask(path)).body).not.toContain('the window');
    expect((await ask('/media/x/source')).status).toBe(403);
  });

  it('the password is exchanged for a cookie that opens everything', async () => {
    const { own, ask, logIn } = await served();
    const { status, cookie } = await logIn(PASSWORD);
    expect([status, cookie]).toEqual([
      303,
      expect.stringMatching(/^likeness-[0-9a-f]{12}=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    const headers = { cookie: cookie!.split(';')[0]! };
    expect(await ask('/', headers)).toMatchObject({ status: 200, body: 'the window' });
    const opened = await new Promise((done) => {
      const socket = new WebSocket(`ws://${own}/rpc`, { headers: { ...headers, origin: `http://${own}` } });
      socket.on('open', () => {
        socket.close();
        done('open');
      });
      socket.on('error', (error) => done(error.message));
    });
    expect(opened).toBe('open');
  });

  it.each(['', 'wrong', `${PASSWORD} `, PASSWORD.slice(0, -1), PASSWORD.toUpperCase()])(
    '"%s" opens nothing',
    async (password) => {
      const { logIn } = await served();
      const answer = await logIn(password);
      expect([answer.status, answer.cookie]).toEqual([401, undefined]);
      expect(answer.body).toContain('That is not the password.');
    },
  );

  it('after five wrong ones even the right one has to wait, while who is in stays in', async () => {
    const { ask, logIn } = await served();
    const headers = { cookie: (await logIn(PASSWORD)).cookie!.split(';')[0]! };
    for (let count = 0; count < 5; count++) expect((await logIn(`wrong ${count}`)).status).toBe(401);
    const answer = await logIn(PASSWORD);
    expect([answer.status, answer.cookie]).toEqual([429, undefined]);
    expect(Number(answer.retry)).toBeGreaterThan(200);
    expect((await ask('/', headers)).body).toBe('the window');
  });

  it('a page of another site, or a name that was made to point here, cannot even try', async () => {
    const { own, ask, logIn } = await served();
    for (const headers of [
      {},
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `https://${own}` },
      { origin: 'http://evil.example', host: 'evil.example' },
    ] as Record<string, string>[]) {
      expect((await logIn(PASSWORD, headers)).status).toBe(403);
    }
    expect((await ask('/', { host: 'evil.example' })).status).toBe(403);
  });

  it('a form larger than a password is not read', async () => {
    const { logIn } = await served();
    expect((await logIn('x'.repeat(10_000))).status).toBe(413);
  });
});
