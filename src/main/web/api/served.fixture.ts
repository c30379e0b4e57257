import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TINY } from '../../studio/engine/bundles.fixture.ts';
import { identityOf } from '../../studio/ground/process-identity.ts';
import { scratchFolder } from '../../studio/media/clips.fixture.ts';
import { openStudio, type Studio } from '../../studio/studio.ts';
import { writeVoice } from '../../studio/voices/voice.fixture.ts';
import { SILENT_MS } from '../lateness.ts';
import { startWebHost, type WebHost } from '../server.ts';

export const TOKEN = 'T'.repeat(32);

type Options = Parameters<typeof startWebHost>[0];
type Limits = Omit<NonNullable<Options['api']>, 'token'> & Pick<Options, 'silentMs'>;

/** A library with a voice that hums, open to programs. */
export async function servedApi() {
  const folder = await scratchFolder();
  const at = (name: string): string => join(folder, name);
  const studio = openStudio({ libraryDir: at('library'), host: 'browser' });
  await studio.system.addModel(writeVoice(at('Hum.onnx')));
  mkdirSync(at('window'));
  const hosts: WebHost[] = [];
  /** Another server of the same library, with limits of its own. */
  async function serve(uploads: string, limits: Limits = {}) {
    const { silentMs = SILENT_MS, ...counted } = limits;
    const api = { token: TOKEN, ...counted };
    const places = { windowDir: at('window'), uploadDir: at(uploads) };
    const host = await startWebHost({ studio, ...places, api, silentMs });
    hosts.push(host);
    const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${TOKEN}`);
      return fetch(`${host.apiUrl}${path}`, { ...init, headers });
    };
    return { host, ask };
  }
  const close = async (): Promise<void> => {
    for (const host of hosts) await host.close();
    await studio.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { at, studio, serve, close, ...(await serve('uploads')) };
}

/** The avatar of a project, before it was trained. */
export function giveAvatar(studio: Studio, project: string): void {
  copyFileSync(TINY, studio.library.paths.avatar(project));
}

/** Another process speaks and never ends, so that scripts have to wait; the answer ends it. */
export function heldVoices({ library: { jobs } }: Studio): () => void {
  const owner = identityOf(process.ppid)!;
  const { id } = jobs.add({ kind: 'say', lane: 'voice', projectId: null, runId: null, request: {} }, owner);
  jobs.claim(id, 1);
  return () => void jobs.finish(id, { kind: 'cancelled', checkpoint: null, progress: null }, owner);
}
