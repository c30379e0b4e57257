import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { numberedClip, scratchFolder } from '../media/clips.fixture.ts';
import { openStudio } from '../studio.ts';

const folder = await scratchFolder();
const clip = join(folder, 'clip.mp4');
await numberedClip(clip, { sound: false });
vi.stubEnv('LIKENESS_PYTHON', resolve('src/main/studio/training/echo-trainer.fixture.mjs'));
const studio = openStudio({ libraryDir: join(folder, 'library') });
await studio.projects.importVideo({ path: clip, name: 'Ada', consent: { basis: 'self' } });
afterAll(async () => {
  vi.unstubAllEnvs();
  await studio.close();
  await rm(folder, { recursive: true });
});

const analysed = async (request = {}) => (await studio.training.analyze('Ada', request).result).faceBasis;

it.skipIf(process.platform === 'win32')(
  'a face model is converted when it is added, and used by analyses once it is chosen, for all or for one',
  async () => {
    expect(await analysed()).toBe('generic');
    await expect(analysed({ faceBasis: 'bfm-2009' })).rejects.toMatchObject({
      code: 'not-found',
      message: 'The face model bfm-2009 is not here.',
    });
    const file = join(folder, 'model.mat');
    await writeFile(file, 'MATLAB 5.0 MAT-file, by all appearances');
    expect(await studio.system.addModel(file)).toMatchObject({ name: 'bfm-2009', state: 'present' });
    expect(studio.jobs.list().find(({ kind }) => kind === 'face-basis')).toMatchObject({ state: { kind: 'done' } });
    expect(await analysed()).toBe('generic');
    expect(await analysed({ faceBasis: 'bfm-2009' })).toBe('bfm-2009');
    studio.settings.change({ faceBasis: 'bfm-2009' });
    expect(await analysed()).toBe('bfm-2009');
    expect(await analysed({ faceBasis: 'generic' })).toBe('generic');
    await writeFile(join(studio.library.paths.models, 'bfm-2009.safetensors'), 'half');
    await expect(analysed()).rejects.toMatchObject({
      code: 'not-found',
      message: 'The face model bfm-2009 is damaged.',
    });
  },
);
