import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { z } from 'zod';
import { TINY } from '../../src/main/studio/engine/bundles.fixture.ts';
import { SeededRandom } from '../../src/main/studio/engine/numbers/random.ts';
import { LiveRequest } from '../../src/shared/contract/live.ts';
import { contract } from '../../src/shared/contract/studio.ts';
import { EMPTY_TAKE } from '../../src/shared/domain/take.ts';
import { malformed } from '../malformed.ts';
import { clientOn } from '../studio-client.ts';
import { type Served, serveLibrary } from './served.ts';
import { ask, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const ALL = 2000;
const LIMIT_MS = 30_000;
const WORDS = ['..', '%2e%2e', '%00', '%zz', 'constructor', '__proto__', '\u202E', 'a'.repeat(9000), '', '-1', '1e999'];
const NUMBERS: readonly unknown[] = [-1, 0, 1e-300, 1e9, 2 ** 31, 2 ** 53 - 1, 1e308];
const TEXTS: readonly unknown[] = ['', '../../etc/passwd', 'x'.repeat(9000), '\u0000', '\u001b[31m'];
const LEAVES: readonly unknown[] = [null, true, [], {}, [[[[[[]]]]]], { __proto__: { id: 'x' } }, ...NUMBERS, ...TEXTS];
/** They would fetch packages, draw for minutes or take the projects away. */
const LEFT_OUT = /^\/(system\/setUpTrainer|sample|projects\/remove|work\/train|work\/keepTraining|presets\/measure)$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'];

type Pick = <Value>(all: readonly Value[]) => Value;

/** Hostile messages to the contract, the live line and over HTTP, to a program of its own that serves a library. */
export async function countMessages(tally: Tally, tries: Tries): Promise<void> {
  const library = mkdtempSync(join(tmpdir(), 'likeness-counts-'));
  copyFileSync(TINY, join(library, 'tiny.likeness'));
  for (const name of ['One', 'Two']) await ask(library, ['bundle', 'import', 'tiny.likeness', '--name', name]);
  const served = await serveLibrary(library);
  const { client, close } = clientOn(served.origin, served.cookie);
  try {
    const projects = (await client.projects.list()).map(({ id }) => id);
    for (const seed of numbersOf(tries, ALL)) {
      const random = new SeededRandom(seed * 6151 + 3);
      const pick: Pick = (all) => all[Math.floor(random.next() * all.length)]!;
      const [name, say] = [toContract, toContract, toLive, overHttp].map((way) => [way.name, way] as const)[seed % 4]!;
      await tally.try(`${seed} ${name}`, async () => {
        const outcome = await say(served, projects, pick);
        const left = await within(LIMIT_MS, client.projects.list());
        if (left === undefined) return fault('hung', 'projects are not listed any more');
        return left.length === projects.length ? outcome : fault('lost', `${left.length} projects are left`);
      });
      if (served.ended()) throw new Error(`The host ended: ${served.log()}`);
    }
    console.log(`messages: the host took ${served.megabytes()} MB`);
  } finally {
    close();
    await served.stop();
    rmSync(library, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function toContract({ origin, cookie }: Served, projects: readonly string[], pick: Pick): Promise<Outcome> {
  const { path, input } = pick(procedures(contract));
  const json = input && hostile(input, projects, pick);
  const text = JSON.stringify({ i: '1', p: { u: path, b: { json } } });
  const message = pick([text, text, text, text.slice(0, -5), text.replace('/', '//'), Buffer.from(text)]);
  const last = JSON.stringify({ i: 'last', p: { u: '/projects/list', b: {} } });
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { cookie, origin } });
  const own = await within(
    LIMIT_MS,
    new Promise<string>((resolve) => {
      const said: string[] = [];
      socket.on('open', () => [message, last].forEach((one) => socket.send(one)));
      socket.on('message', (bytes: Buffer) => {
        said.push(bytes.toString());
        const answers = said.map((one) => JSON.parse(one) as { i: string });
        // What cannot be understood has no answer: the next one tells that the line goes on.
        if (answers.some(({ i }) => i === '1')) resolve(said.find((_, k) => answers[k]!.i === '1')!);
        else if (message !== text) resolve('{"p":{"s":"passed over"}}');
      });
      socket.on('close', (code) => resolve(`{"p":{"s":"closed ${code}"}}`));
      socket.on('error', () => undefined);
    }),
  );
  socket.terminate();
  if (own === undefined) return fault('hung', text.slice(0, 500));
  const { p } = JSON.parse(own) as { p: { s?: number | string; b?: { json?: { code?: string } } } };
  const word = p.s === 500 ? String(p.b?.json?.code) : (p.s ?? 200); // our own refusals have a status of 500
  return /^internal/i.test(String(word)) ? fault('internal', `${text}\n${own}`) : { word: `contract ${word}` };
}

async function toLive({ origin, cookie }: Served, projects: readonly string[], pick: Pick): Promise<Outcome> {
  const open = { type: 'open', projectId: pick(projects), height: 128 };
  const take = { type: 'take', serial: 1, take: { ...EMPTY_TAKE, clips: [], range: null } };
  const hostiles = Array.from({ length: 3 }, () => hostile(pick(LiveRequest.options), projects, pick));
  const asked = { type: 'frame', serial: 2, frame: pick([0, 1e8, 2 ** 31, -1, 1e5]) };
  const messages = pick([[open, take, ...hostiles, asked], hostiles, [open, ...hostiles], [take, open, asked]]);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, { headers: { cookie, origin } });
  const came = await within(
    LIMIT_MS,
    new Promise<string>((resolve) => {
      const said: string[] = [];
      socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message) ?? '')));
      socket.on('message', (bytes: Buffer, binary) => {
        said.push(binary ? 'a picture' : bytes.toString());
        if (binary || said.at(-1)!.includes('"failed"')) resolve(said.at(-1)!);
        setTimeout(() => resolve(said.at(-1)!), 2000); // what fits may have no answer
      });
      socket.on('close', (code) => resolve(`closed ${code}`));
      socket.on('error', () => undefined);
    }),
  );
  socket.terminate();
  const sent = JSON.stringify(messages).slice(0, 1000);
  if (came === undefined) return fault('hung', sent);
  if (came.includes('"internal"')) return fault('internal', `${sent}\n${came}`);
  const { type = '' } = came.startsWith('{') ? (JSON.parse(came) as { type?: string }) : { type: came };
  return { word: `live ${type}` };
}

async function overHttp({ origin, cookie }: Served, projects: readonly string[], pick: Pick): Promise<Outcome> {
  const parts = [
    'media',
    'sounds',
    'pictures',
    'exports',
    'avatar',
    'upload',
    'assets',
    'login',
    ...projects,
    ...WORDS,
  ];
  const path = `/${Array.from({ length: 1 + pick([0, 1, 2, 3, 4]) }, () => pick(parts)).join('/')}`;
  const headers = {
    ...(pick([true, true, true, true, false])
      ? { cookie }
      : { cookie: pick(['likeness=x', ';;;=', 'a'.repeat(4000)]) }),
    ...(pick([true, false]) ? { origin: pick([origin, origin, origin, 'null', 'http://evil.example']) } : {}),
    ...(pick([true, false])
      ? { range: pick(['bytes=-1', 'bytes=9-1', 'bytes=0-99999999999', 'x', 'bytes=0-,1-,2-']) }
      : {}),
    ...(pick([false, false, false, true])
      ? { host: pick(['evil.example', 'localhost:1', '[::1', 'a'.repeat(300)]) }
      : {}),
  };
  const method = pick(METHODS);
  const target = pick([path, path, `${path}?name=${encodeURIComponent(pick(WORDS))}`, `/${path}`, '*', `/\\${path}`]);
  const status = await within(
    LIMIT_MS,
    new Promise<number | string>((resolve) => {
      const { hostname, port } = new URL(origin);
      const sent = request({ hostname, port, method, path: encoded(target), headers }, (response) => {
        response.resume().on('close', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', () => resolve('closed'));
      sent.end(method === 'POST' ? pick(['', 'x'.repeat(100_000), '{"i":"1"}']) : undefined);
    }),
  );
  const what = `${method} ${target.slice(0, 300)} ${JSON.stringify(headers)}`;
  if (status === undefined) return fault('hung', what);
  return status === 500 ? fault('internal', what) : { word: `http ${status}` };
}

interface Procedure {
  readonly path: string;
  readonly input: z.ZodType | undefined;
}

function procedures(node: object, path: readonly string[] = []): Procedure[] {
  if ('~orpc' in node) {
    const name = `/${path.join('/')}`;
    if (LEFT_OUT.test(name)) return [];
    return [{ path: name, input: (node['~orpc'] as { inputSchema?: z.ZodType }).inputSchema }];
  }
  return Object.entries(node).flatMap(([name, child]) => procedures(child as object, [...path, name]));
}

/** What does not fit a schema, or fits it and has a value that nobody would send. */
function hostile(schema: z.ZodType, projects: readonly string[], pick: Pick): unknown {
  const { fits, broken } = malformed(schema);
  if (pick([true, false]) && broken.length > 0) return pick(broken);
  if (typeof fits !== 'object' || fits === null) return pick(LEAVES);
  const message = structuredClone(fits) as Record<string, unknown>;
  for (const name of ['id', 'projectId']) if (name in message) message[name] = pick([...projects, 'none']);
  let inside = message;
  for (;;) {
    const name = pick(Object.keys(inside));
    const value = inside[name];
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && pick([true, true, false]))
      inside = value as Record<string, unknown>;
    else {
      if (pick([true, true, false])) inside[name] = pick(LEAVES);
      return message;
    }
  }
}

/** As Node's client lets it through: what it would refuse itself never reaches the host. */
function encoded(target: string): string {
  return target.replaceAll(/[^\u0021-\u00ff]/g, (letter) => encodeURIComponent(letter));
}

function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value | undefined> {
  const late = new AbortController();
  const waited = sleep(milliseconds, undefined, { signal: late.signal }).catch(() => undefined);
  return Promise.race([work, waited]).finally(() => late.abort());
}
