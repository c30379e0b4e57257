import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProjectDetail } from '../../shared/contract/studio.ts';
import { inManner, isInManner, mannerOfTake } from '../../shared/domain/manner.ts';
import { EMPTY_TAKE, PLAIN_SPEECH, type Take } from '../../shared/domain/take.ts';
import { TINY } from './engine/bundles.fixture.ts';
import { waveFile } from './export/wave.fixture.ts';
import { scratchFolder, tinyClip } from './media/clips.fixture.ts';
import { openStudio, type Studio } from './studio.ts';

// Several takes of one project, and what is made of each.
const folder = await scratchFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
let studio: Studio;
let id = '';
beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  const samples = Float32Array.from({ length: 8000 }, (_, k) => 0.3 * Math.sin(k / 6));
  await writeFile(at('hum.wav'), waveFile(samples, 16_000));
});
beforeEach(async () => {
  studio = openStudio({ libraryDir: at('library') });
  id = (await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } }))
    .projectId;
});
afterEach(async () => {
  await studio.close();
  await rm(at('library'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const take = (change: Partial<Take>): Take => ({ ...EMPTY_TAKE, ...change });
const names = () => studio.takes.list(id).map(({ name, open }) => (open ? `${name}*` : name));
const detail = async () => ProjectDetail.parse(await studio.projects.get(id));

describe('the takes of a project', () => {
  it('are made, duplicated, renamed and opened, each with its own document', async () => {
    expect(names()).toEqual(['Take 1*']);
    studio.timeline.saveTake(id, take({ markers: [{ id: 'm', at: 1, name: 'Here' }] }), 0);
    const copy = studio.takes.duplicate(id);
    expect(names()).toEqual(['Take 1', 'Take 2*']);
    expect(studio.timeline.take(id)).toMatchObject({ id: copy.id, revision: 1, take: { markers: [{ name: 'Here' }] } });
    studio.timeline.saveTake(id, take({}), 1);
    expect(studio.timeline.take(id, 'Take 1').take.markers).toHaveLength(1);
    expect(studio.takes.create(id).name).toBe('Take 3');
    expect(studio.timeline.take(id).take.clips).toMatchObject([{ id: 'source' }]);
    studio.takes.rename(id, 'Take 3', 'Calm');
    studio.takes.open(id, 'Take 1');
    expect(names()).toEqual(['Take 1*', 'Take 2', 'Calm']);
    expect((await detail()).takes).toEqual(studio.takes.list(id));
  });

  it('are saved by whoever saw the newest of that take, and another is none of it', async () => {
    const two = studio.takes.create(id).id;
    studio.timeline.saveTake(id, take({}), 0, two);
    expect(() => studio.timeline.saveTake(id, take({}), 0, two)).toThrow(expect.objectContaining({ code: 'busy' }));
    const notices = studio.notices();
    const heard = notices.next();
    studio.timeline.saveTake(id, take({}), 0, 'Take 1');
    expect((await heard).value).toEqual({ kind: 'take', projectId: id, takeId: id, revision: 1 });
    await notices.return();
  });

  it('that are removed come back, and the last one cannot be removed', async () => {
    const two = studio.takes.create(id).id;
    studio.takes.remove(id, two);
    expect(names()).toEqual(['Take 1*']);
    expect((await detail()).removedTakes).toEqual([{ id: two, name: 'Take 2' }]);
    expect(() => studio.takes.remove(id, 'Take 1')).toThrow(expect.objectContaining({ code: 'bad-request' }));
    studio.timeline.saveTake(id, take({}), 0, two); // a window that still had it open
    studio.takes.bringBack(id, two);
    expect(studio.timeline.take(id, 'Take 2').take.clips).toEqual([]);
  });
});

describe('a manner', () => {
  it('is saved by name, applied to another take, and replaced by one of the same name', () => {
    const calm = { pose: { kind: 'natural', seed: 3 }, speech: { ...PLAIN_SPEECH, strength: 0.8 } } as const;
    studio.takes.saveManner(id, 'Calm', mannerOfTake(take({ ...calm, range: { from: 0, to: 1 } })));
    const other = take({ markers: [{ id: 'm', at: 1, name: 'Here' }] });
    const applied = inManner(other, studio.takes.manner(id, 'Calm'));
    expect(applied).toEqual({ ...other, ...calm });
    expect(inManner(applied, calm)).toBe(applied);
    expect([isInManner(other, calm), isInManner(applied, calm)]).toEqual([false, true]);
    studio.takes.saveManner(id, 'Calm', mannerOfTake(other));
    expect(studio.takes.manners(id)).toEqual([{ name: 'Calm', manner: mannerOfTake(other) }]);
    studio.takes.removeManner(id, 'Calm');
    expect(() => studio.takes.manner(id, 'Calm')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('an export', () => {
  const film = (which?: string, part?: Take['range']) =>
    studio.avatars.exportVideo(id, {
      sound: { kind: 'take', take: which },
      mode: 'portrait',
      height: 128,
      ...(part ? { part } : {}),
    }).result;

  it('is of the take that is named, says so in its record, is called by the rule and overwrites nothing', async () => {
    copyFileSync(TINY, studio.library.paths.avatar(id));
    const { id: sound } = await studio.timeline.addSound(id, at('hum.wav'), 'Hum');
    studio.takes.create(id, 'A/B');
    const clips = [{ id: 'c', sound, at: 0, start: 0, seconds: 0.2 }];
    studio.timeline.saveTake(id, take({ clips }), 0);
    studio.takes.open(id, 'Take 1');
    studio.timeline.saveTake(id, take({ clips: [{ ...clips[0]!, seconds: 0.4 }] }), 0);
    studio.settings.change({ exportName: '{project} {take} {mode} {height}' });
    const films = await Promise.all([film('A/B'), film('A/B'), film()]);
    expect(films.map(({ path, frames }) => [basename(path), frames])).toEqual([
      ['Ada A-B portrait 128.mp4', 5],
      ['Ada A-B portrait 128 2.mp4', 5],
      ['Ada Take 1 portrait 128.mp4', 10],
    ]);
    expect(
      films.map(({ provenance }) => (JSON.parse(readFileSync(provenance, 'utf8')) as Take & { take: string }).take),
    ).toEqual(['A/B', 'A/B', 'Take 1']);
    rmSync(films[0]!.path);
    expect(basename((await film('A/B')).path)).toBe('Ada A-B portrait 128.mp4');
    expect((await film('A/B', { from: 0.04, to: 0.16 })).frames).toBe(3);
    await expect(async () => film('Nobody')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('says what is heard: what is muted is not', async () => {
    copyFileSync(TINY, studio.library.paths.avatar(id));
    const { id: sound } = await studio.timeline.addSound(id, at('hum.wav'), 'Hum');
    const clips = [{ id: 'c', sound, at: 0, start: 0, seconds: 0.2 }];
    studio.timeline.saveTake(id, take({ clips, muted: [sound] }), 0);
    await expect(film()).rejects.toMatchObject({ code: 'bad-audio' });
  });
});

it('a project is duplicated, unless a job works on it', async () => {
  copyFileSync(TINY, studio.library.paths.avatar(id));
  studio.takes.create(id, 'Calm');
  const copy = await studio.projects.duplicate(id);
  expect(copy.name).toBe('Ada 2');
  expect(await studio.projects.get(copy.projectId)).toMatchObject({ trained: true, takes: [{}, { name: 'Calm' }] });
  const job = studio.timeline.makePictures(id);
  await expect(studio.projects.duplicate(id)).rejects.toMatchObject({ code: 'busy' });
  studio.jobs.cancel(job.id);
});
