import { openAsBlob, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { AxiosError } from 'axios';
import { OpenAPIClientAxios, type OpenAPIV3_1 } from 'openapi-client-axios';
import type { JobDetail } from '../../src/shared/contract/job.ts';
import type { VerifyResult } from '../../src/shared/contract/verify.ts';
import { type SpeechTimes, SpokenScript } from '../../src/shared/domain/script/index.ts';
import { buildWindow } from '../build-window.ts';
import { answerOf, CLI, likenessOn } from '../likeness.ts';

/** Where a story takes place; each is a folder. */
export interface Place {
  readonly library: string;
  readonly films: string;
  /** Where programs are run, and where they put what passes: nothing may be left in either. */
  readonly work: string;
  readonly passing: string;
}

export type Captions = 'burn' | 'srt';
export interface Film {
  readonly path: string;
  /** The file of captions beside it. */
  readonly captions: string | undefined;
}

/** What somebody does from a video to a film, whichever way they come in. Each raises what is refused. */
export interface Hands {
  importVideo(path: string): Promise<void>;
  getVoice(): Promise<void>;
  analyze(): Promise<void>;
  train(): Promise<void>;
  speak(text: string): Promise<SpeechTimes>;
  /** Upright, for phones: 1080x1920. */
  film(captions: Captions): Promise<Film>;
  verify(path: string): Promise<VerifyResult>;
  close(): Promise<void>;
}

export const VOICE = 'en-us-joe';
const SCRIPT = { voice: VOICE, speed: 1, pause: 0.35 };
const FILM = { mode: 'portrait', height: 1920, shape: '9:16' };
const TRAIN = { preset: 'instant', device: 'cpu', resume: false };
const CONSENT = { basis: 'synthetic', note: '' };
/** A training may take as long as this on a busy computer. */
const LONGEST_MS = 30 * 60_000;

const environment = ({ passing }: Place): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: passing });

/** A terminal. */
export async function byCommandLine(place: Place): Promise<Hands> {
  const { library, films, work } = place;
  const { likeness } = likenessOn(library, { cwd: work, env: environment(place) });
  const script = join(films, 'words.txt');
  async function run<Told>(...args: string[]): Promise<Told> {
    const { code, json } = await likeness(...args);
    if (code === 0) return json as Told;
    throw new Error(`likeness ${args.join(' ')}: ${JSON.stringify(json)}`);
  }
  return {
    importVideo: (path) => run('import', path, '--consent', 'synthetic', '--name', 'Ada'),
    getVoice: () => run('voices', 'fetch', VOICE, '--agree'),
    analyze: () => run('analyze', 'Ada'),
    train: () => run('train', 'Ada', '--preset', 'instant', '--device', 'cpu'),
    async speak(text) {
      writeFileSync(script, text);
      const [out, times] = [join(films, 'words.wav'), join(films, 'words.json')];
      await run('say', '--text', script, '--out', out, '--times', times);
      return SpokenScript.parse(JSON.parse(readFileSync(times, 'utf8'))).times;
    },
    async film(captions) {
      const out = join(films, `${captions}.mp4`);
      const how = ['--script', script, '--preset', 'shorts', '--captions', captions, '--out', out];
      const made = await run<{ captions?: string }>('export', 'Ada', ...how);
      return { path: out, captions: made.captions };
    },
    verify: (path) => run('verify', path),
    close: () => Promise.resolve(),
  };
}

/** What programs may ask for, by its name and with all that goes with it; files are named in one way or the other. */
type Ask = <Answer>(operation: string, asked?: Record<string, unknown>) => Promise<Answer>;
interface Line {
  readonly ask: Ask;
  /** What stands for a file of this computer. */
  readonly handOver: (path: string) => Promise<unknown>;
  readonly wait: (job: string) => Promise<JobDetail>;
  /** Puts an export into the folder of the films. */
  readonly takeAway: (project: string, name: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** The same operations have the same names on both lines. */
function handsOn({ ask, handOver, wait, takeAway, close }: Line): Hands {
  let id = '';
  let sound = '';
  async function job(operation: string, asked: Record<string, unknown>): Promise<NonNullable<JobDetail['made']>> {
    const { jobId } = await ask<{ jobId: string }>(operation, asked);
    const ended = await wait(jobId);
    if (ended.made === null) throw new Error(`${operation}: ${ended.status}, ${JSON.stringify(ended.error)}`);
    return ended.made;
  }
  return {
    async importVideo(path) {
      const asked = { file: await handOver(path), name: 'Ada', consent: CONSENT };
      id = (await ask<{ projectId: string }>('projects_import', asked)).projectId;
    },
    async getVoice() {
      const voices = await ask<readonly { name: string; fetch: { terms: string } | null }[]>('voices_list');
      if (!voices.find(({ name }) => name === VOICE)?.fetch?.terms)
        throw new Error('It is not said what is agreed to.');
      await job('voices_fetch', { voice: VOICE, agreed: true });
    },
    analyze: async () => void (await job('work_analyze', { id })),
    train: async () => void (await job('work_train', { id, ...TRAIN })),
    async speak(text) {
      sound = (await job('voices_say', { id, script: { ...SCRIPT, text } })).sound!;
      return (await ask<SpokenScript>('voices_script', { id, sound })).times;
    },
    async film(captions) {
      const asked = { id, sound: { kind: 'sound', sound }, ...FILM, captions };
      const { exports } = await job('work_export', asked);
      const paths: string[] = [];
      for (const name of exports) paths.push(await takeAway(id, name));
      const [path, beside] = paths;
      return { path: path!, captions: beside };
    },
    verify: async (path) => ask<VerifyResult>('system_verify', { file: await handOver(path) }),
    close,
  };
}

/** HTTP, by a client that is generated from the document that the server describes itself with. */
export async function overHttp(place: Place): Promise<Hands> {
  buildWindow();
  const server = likenessOn(place.library, { cwd: place.work, env: environment(place) }).start('serve', '--api');
  const { api } = await answerOf<{ api: { url: string; document: string; tokenFile: string } }>(server);
  const headers = { authorization: `Bearer ${readFileSync(api.tokenFile, 'utf8').trim()}` };
  const definition = (await (await fetch(api.document, { headers })).json()) as OpenAPIV3_1.Document;
  const defaults = { baseURL: api.url, headers, adapter: 'fetch' as const };
  const client = await new OpenAPIClientAxios({ definition, axiosConfigDefaults: defaults }).init();
  const variables = variablesOf(definition);
  async function call<Answer>(operation: string, where: object, what?: unknown, how?: object): Promise<Answer> {
    const request = client[operation] as ((...all: unknown[]) => Promise<{ data: Answer }>) | undefined;
    if (!request) throw new Error(`The document has no ${operation}.`);
    const { data } = await request(where, what, how).catch((error: AxiosError) => {
      throw new Error(`${operation}: ${JSON.stringify(error.response?.data ?? String(error))}`);
    });
    return data;
  }
  const ask: Ask = (operation, asked = {}) => {
    const named = variables.get(operation) ?? [];
    const parts = (inside: boolean) => Object.entries(asked).filter(([name]) => named.includes(name) === inside);
    const rest = parts(false);
    return call(operation, Object.fromEntries(parts(true)), rest.length === 0 ? undefined : Object.fromEntries(rest));
  };
  return handsOn({
    ask,
    async handOver(path) {
      const file = await openAsBlob(path);
      const { token } = await call<{ token: string }>('uploads_add', { name: basename(path) }, file);
      return { kind: 'upload', token };
    },
    async wait(job) {
      const events = await fetch(`${api.url}/jobs/${job}/events`, { headers });
      const told = (await events.text()).split('\n\n').filter((event) => event.startsWith('event: message'));
      return JSON.parse(/^data: (.*)$/m.exec(told.at(-1)!)![1]!) as JobDetail;
    },
    async takeAway(id, name) {
      const bytes = await call<ArrayBuffer>('exports_download', { id, name }, null, { responseType: 'arraybuffer' });
      const path = join(place.films, name);
      writeFileSync(path, Buffer.from(bytes));
      return path;
    },
    async close() {
      server.child.kill('SIGINT');
      await server.answer;
    },
  });
}

/** The variables of each operation's address. */
function variablesOf({ paths }: OpenAPIV3_1.Document): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [path, item] of Object.entries(paths ?? {}))
    for (const operation of Object.values(item!) as readonly OpenAPIV3_1.OperationObject[])
      found.set(
        operation.operationId!,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
      );
  return found;
}

/** MCP on standard input and output, by the official client. */
export async function overMcp(place: Place): Promise<Hands> {
  const client = new Client({ name: 'story', version: '1' });
  const args = ['--disable-warning=ExperimentalWarning', CLI, 'mcp', '--library', place.library];
  const env = environment(place) as Record<string, string>;
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: place.work, env }));
  const ask: Ask = async <Answer>(name: string, asked: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: asked }, { timeout: LONGEST_MS });
    const [first] = content as unknown as [{ text: string }];
    if (isError) throw new Error(`${name}: ${first.text}`);
    return JSON.parse(first.text) as Answer;
  };
  return handsOn({
    ask,
    handOver: (path) => Promise.resolve({ kind: 'path', path }),
    wait: (id) => ask('jobs_events', { id }),
    takeAway: async (id, name) => (await ask<{ path: string }>('exports_copy', { id, name, folder: place.films })).path,
    close: () => client.close(),
  });
}
