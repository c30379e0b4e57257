/** HuBERT from the file that a person adds to a film; the file is a small random checkpoint of the published kind. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSafetensors } from '../src/shared/binary/index.ts';
import { openBundle } from '../src/main/studio/engine/bundle/index.ts';
import { openStudio, type Studio } from '../src/main/studio/studio.ts';
import { trainedSample } from './trained-sample.ts';

const checkout = join(import.meta.dirname, '..');
const python = join(checkout, 'trainer', '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const SAVE = 'import sys, torch; sys.path.insert(0, "tests"); from test_hubert import checkpoint; ';
const VOICE = join(checkout, 'resources', 'sample', 'other-voice.wav');

let folder = '';
let library = '';
let project = '';
let weights = '';
let studio: Studio;

/** An installation like this one whose registry knows the small checkpoint in the large one's place. */
function installationOf(checkpoint: string): string {
  const root = mkdtempSync(join(folder, 'root-'));
  symlinkSync(join(checkout, 'trainer'), join(root, 'trainer'), 'junction');
  cpSync(join(checkout, 'resources'), join(root, 'resources'), { recursive: true });
  const registry = join(root, 'resources', 'models.json');
  const models = JSON.parse(readFileSync(registry, 'utf8')) as { name: string; sha256?: string }[];
  for (const model of models)
    if (model.name === 'hubert-large-ll60k')
      model.sha256 = createHash('sha256').update(readFileSync(checkpoint)).digest('hex');
  writeFileSync(registry, JSON.stringify(models));
  return root;
}

async function opening(name: string): Promise<{ values: Float32Array; notice: string | null; encoder: string }> {
  const outPath = join(folder, `${name}.safetensors`);
  const { heardWith } = await studio.avatars.writeMotion(project, { audioPath: VOICE, outPath });
  const { tensors } = parseSafetensors(readFileSync(outPath));
  return { values: tensors.get('expression')!.values as Float32Array, ...heardWith };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'likeness-hubert-'));
  ({ library, project } = await trainedSample());
  weights = join(folder, 'pytorch_model.bin');
  execFileSync(python, ['-c', `${SAVE}torch.save(checkpoint(), sys.argv[1])`, weights], {
    cwd: join(checkout, 'trainer'),
  });
  studio = openStudio({
    libraryDir: library,
    root: installationOf(weights),
  });
});
afterAll(async () => {
  await studio.close();
  for (const place of [folder, library]) rmSync(place, { recursive: true, force: true, maxRetries: 5 });
});

test('added, trained with, heard with, and done without when it is gone', async () => {
  expect(() => studio.training.train(project, { preset: 'instant', speech: 'hubert' })).toThrow(/not here/);

  const added = await studio.system.addModel(weights);
  expect(added).toMatchObject({ name: 'hubert-large-ll60k', state: 'present' });
  expect(studio.system.hasHubert()).toBe(true);

  await studio.training.train(project, { preset: 'instant', speech: 'hubert' }).result;
  const { manifest, files } = await openBundle(studio.avatars.path(project));
  expect(manifest.speech.hubert).toEqual({ sha256: added.sha256, layer: expect.any(Number), size: 128 });
  const report = JSON.parse(new TextDecoder().decode(files.get('report.json'))) as { encoders: object };
  expect(Object.keys(report.encoders)).toEqual(['embedded', 'hubert']);

  const byHubert = await opening('hubert');
  expect(byHubert).toMatchObject({ encoder: 'hubert', notice: null });

  rmSync(added.path);
  const embedded = await opening('embedded');
  expect(embedded).toMatchObject({ encoder: 'embedded', notice: expect.stringContaining('weights are not here') });
  expect(embedded.values).not.toEqual(byHubert.values);
  const film = join(folder, 'said.mp4');
  const sound = { kind: 'path', path: VOICE } as const;
  const { heardWith } = await studio.avatars.exportVideo(project, {
    sound,
    outPath: film,
    mode: 'portrait',
    height: 128,
  }).result;
  expect(heardWith).toEqual({ encoder: 'embedded', notice: embedded.notice });

  await studio.system.addModel(weights); // its graphs are still there
  expect((await opening('again')).values).toEqual(byHubert.values);
});
