import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../../e2e/patience.ts';
import { OPERATIONS } from '../host/operations.ts';
import { TINY } from '../studio/engine/bundles.fixture.ts';
import { scratchFolder, tinyClip } from '../studio/media/clips.fixture.ts';
import { openStudio } from '../studio/studio.ts';
import { writeVoice } from '../studio/voices/voice.fixture.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
const client = new Client({ name: 'test', version: '1' });
let project = '';

beforeAll(async () => {
  await tinyClip(at('ada.mp4'));
  mkdirSync(at('films'));
  const studio = openStudio({ libraryDir: at('library') });
  await studio.system.addModel(writeVoice(at('Hum.onnx')));
  const ada = { path: at('ada.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  project = (await studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, studio.library.paths.avatar(project));
  await studio.close();
  const cli = resolve('src/main/cli/index.ts');
  const args = ['--disable-warning=ExperimentalWarning', cli, 'mcp', '--library', at('library')];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
});
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What a tool answers; raises what it refuses. */
async function tool<Answer>(name: string, asked: Record<string, unknown> = {}, told?: number[]): Promise<Answer> {
  const { content, isError } = await client.callTool(
    { name, arguments: asked },
    { timeout: PATIENCE_MS, ...(told && { onprogress: ({ progress }) => void told.push(progress) }) },
  );
  const [first] = content as unknown as [{ text: string }];
  const answer = JSON.parse(first.text) as Answer & { error?: unknown };
  if (isError) throw Object.assign(new Error(first.text), answer.error);
  return answer;
}

describe('an assistant', () => {
  it('finds what programs have over HTTP, and names files by their paths', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([...OPERATIONS.map(({ name }) => name), 'exports_copy']);
    const { inputSchema, annotations } = tools.find(({ name }) => name === 'projects_import')!;
    expect(inputSchema.properties!['file']).toMatchObject({ properties: { kind: { const: 'path' } } });
    expect(annotations).toMatchObject({ readOnlyHint: false });
    expect(client.getInstructions()).toContain('Ask the user on what basis');
  });

  it('makes a project of a video, with a consent that says who agreed', async () => {
    const file = { kind: 'path', path: at('ada.mp4') };
    const ask = (consent: object) => tool<{ projectId: string }>('projects_import', { file, name: 'Bea', consent });
    await expect(ask({ basis: 'permission', note: '' })).rejects.toMatchObject({ code: 'consent-required' });
    await expect(ask({ note: '' })).rejects.toMatchObject({ code: 'bad-request' });
    const { projectId } = await ask({ basis: 'permission', note: 'Bea Arthur, on 2 May' });
    expect(await tool('consents_show', { id: projectId })).toMatchObject({ note: 'Bea Arthur, on 2 May' });
  });

  it('has a script spoken and exported, is told how far that is, and takes the film along', async () => {
    const script = { text: 'Hello.', voice: 'hum', speed: 1, pause: 0.2 };
    const speaking = await tool<{ jobId: string }>('voices_say', { id: project, script });
    const spoken = await tool<{ made: { sound: string } }>('jobs_events', { id: speaking.jobId });
    const sound = { kind: 'sound', sound: spoken.made.sound };
    const film = { id: project, sound, mode: 'portrait', height: 128 };
    const { jobId } = await tool<{ jobId: string }>('work_export', film);
    const told: number[] = [];
    const done = await tool<{ status: string; made: { exports: string[] } }>('jobs_events', { id: jobId }, told);
    expect(done.status).toBe('done');
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    const [name] = done.made.exports;
    const copied = await tool<{ path: string }>('exports_copy', { id: project, name, folder: at('films') });
    expect(readFileSync(copied.path).subarray(4, 8).toString()).toBe('ftyp');
    expect(await tool('system_verify', { file: { kind: 'path', path: copied.path } })).toMatchObject({
      metadata: { kind: 'found', generated: true },
      record: { kind: 'matches' }, // it was copied too
    });
    await expect(tool('exports_copy', { id: project, name, folder: at('films') })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  it.each([
    ['projects_get', { id: 'nobody' }, 'not-found'],
    ['projects_get', { id: '../..' }, 'bad-request'],
    ['projects_get', {}, 'bad-request'],
    ['settings_get', {}, 'not-found'],
    ['exports_copy', { id: 'x', name: '../../library.db', folder: '/tmp' }, 'not-found'],
    ['exports_copy', { id: 'x', name: 'a.mp4', folder: 'films' }, 'bad-request'],
    ['sounds_add', { id: 'x', name: 'x', file: { kind: 'upload', token: 'A'.repeat(24) } }, 'bad-request'],
  ])('%s %j is refused as %s', async (name, asked, code) => {
    await expect(tool(name, asked)).rejects.toMatchObject({ code });
    expect(readdirSync(at('films')).filter((one) => !/\.mp4(\.provenance\.json)?$/.test(one))).toEqual([]);
  });
});
