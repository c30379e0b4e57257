import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { source } from '../library/library.fixture.ts';
import { openStudio } from '../studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-proofs-'));
const studio = openStudio({ libraryDir: join(folder, 'library') });
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('a proof is the same picture when another training has begun, and nothing else of a run is to be had', async () => {
  writeFileSync(join(folder, 'ada.mov'), 'a video, as far as the library cares');
  const { runs, paths } = studio.library;
  const consent = { basis: 'permission', note: '', recordedBy: 'me' } as const;
  const { id } = await studio.library.addVideo(join(folder, 'ada.mov'), 'Ada', source, consent);
  const begin = (...steps: number[]): string => {
    const { number } = runs.start(id, { preset: 'draft', device: 'auto', seed: 0 });
    mkdirSync(paths.run(id, number), { recursive: true });
    for (const step of steps) writeFileSync(join(paths.run(id, number), `proof-${step}.jpg`), 'held-out frames');
    return paths.run(id, number);
  };
  const first = begin(1000, 200);
  const { proofs } = await studio.projects.get(id);
  expect(proofs).toEqual(['1.proof-200.jpg', '1.proof-1000.jpg']);
  begin();
  expect((await studio.projects.get(id)).proofs).toEqual([]);
  expect(await studio.projects.file(id, 'proofs', proofs[0])).toMatchObject({ file: join(first, 'proof-200.jpg') });
  expect(existsSync(join(first, 'proof-200.jpg'))).toBe(true);
  writeFileSync(join(first, 'checkpoint.pt'), 'weights');
  for (const name of ['1.checkpoint.pt', '3.proof-200.jpg', 'proof-200.jpg', '1.../1/proof-200.jpg'])
    expect(await studio.projects.file(id, 'proofs', name)).toBeUndefined();
});
