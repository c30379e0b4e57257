import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { serve } from '../src/main/serve.ts';
import { cookieOf } from './studio-client.ts';

/** A web host on a small library, open to programs too, and what its own window knows of it. */
export interface Gate {
  readonly host: Awaited<ReturnType<typeof serve>>;
  readonly origin: string;
  readonly cookie: string;
  /** One with pictures, a sound, a track and a film. */
  readonly project: string;
  /** One without any of them. */
  readonly other: string;
  /** Of `project`. */
  readonly sound: string;
  close(): Promise<void>;
}

export async function openGate(): Promise<Gate> {
  const library = mkdtempSync(join(tmpdir(), 'likeness-gate-'));
  const host = await serve({ libraryDir: library, api: true });
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
  const take = async (path: string, name: string) =>
    (await host.studio.projects.importVideo({ path, name, consent: { basis: 'synthetic' } })).projectId;
  const project = await take(clip, 'Clip');
  const mute = join(library, 'mute.mp4');
  execFileSync(ffmpeg, ['-v', 'error', '-i', clip, '-an', '-c', 'copy', mute]);
  const other = await take(mute, 'Other');
  const sound = (await host.studio.timeline.addSound(project, clip, 'A tone')).id;
  const pictures = host.studio.timeline.makePictures(project).id;
  while (host.studio.jobs.list().some(({ id, state }) => id === pictures && state.kind !== 'done')) await sleep(50);
  mkdirSync(host.studio.library.paths.analysis(project), { recursive: true });
  writeFileSync(join(host.studio.library.paths.analysis(project), 'track.safetensors'), 'a track');
  mkdirSync(host.studio.library.paths.exports(project), { recursive: true });
  writeFileSync(join(host.studio.library.paths.exports(project), 'a film.mp4'), 'film');
  return {
    host,
    origin: new URL(host.url).origin,
    cookie: await cookieOf(host.url),
    project,
    other,
    sound,
    async close() {
      await host.close();
      rmSync(library, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface GateAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string; // a character for each byte
}

/** A request as it is: no client tidies its path, and any header may be sent. */
export function ask(
  gate: Gate,
  path: string,
  headers: Record<string, string> = { cookie: gate.cookie },
  options: { method?: string; body?: string } = {},
): Promise<GateAnswer> {
  const { hostname, port } = new URL(gate.origin);
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
export function knock({ origin }: Gate, path: string, headers: Record<string, string>): Promise<number | 'open'> {
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
