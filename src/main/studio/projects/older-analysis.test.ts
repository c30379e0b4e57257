import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TRACKER } from '../../../shared/format/index.ts';
import { numberedClip, scratchFolder } from '../media/clips.fixture.ts';
import { openStudio } from '../studio.ts';

const folder = await scratchFolder();
const clip = join(folder, 'clip.mp4');
await numberedClip(clip, { sound: false });
const studio = openStudio({ libraryDir: join(folder, 'library') });
const { projectId } = await studio.projects.importVideo({ path: clip, consent: { basis: 'self' } });
const analysis = studio.library.paths.analysis(projectId);
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

const report = {
  frames: 1,
  states: { good: 1, occluded: 0, missing: 0, other: 0, blurred: 0 },
  people: [],
  checks: [],
  seconds: 1,
  secondsByStage: {},
};

it('a video that was never analysed has no older analysis', async () => {
  expect(await studio.projects.get(projectId)).toMatchObject({ analysed: false, analysisOlder: false });
});

it.each([
  ['this tracker', { tracker: TRACKER, producer: 'Likeness tested' }, false],
  ['an earlier tracker', { tracker: TRACKER - 1 }, true],
  ['one from before there were numbers', {}, true],
  ['a later tracker', { tracker: TRACKER + 1 }, false],
])('an analysis by %s is told', async (_, made, older) => {
  await mkdir(analysis, { recursive: true });
  await writeFile(join(analysis, 'track.safetensors'), '');
  await writeFile(join(analysis, 'report.json'), JSON.stringify({ ...report, ...made }));
  const detail = await studio.projects.get(projectId);
  expect(detail).toMatchObject({ analysed: true, analysisOlder: older, report: { frames: 1, ...made } });
  expect(studio.projects.list()).toMatchObject([{ analysisOlder: older }]);
});
