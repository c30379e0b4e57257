import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TINY } from './engine/bundles.fixture.ts';
import { filmedFile, filmedTrack } from './engine/reach/filmed.fixture.ts';
import { FPS } from './engine/reach/person.fixture.ts';
import { numberedClip, scratchFolder, tinyClip } from './media/clips.fixture.ts';
import { openStudio, type Studio } from './studio.ts';

vi.stubEnv('LIKENESS_PYTHON', resolve('src/main/studio/kinds/seeing-trainer.fixture.mjs'));

// An avatar that the person in another video drives, with a stand-in for who looks at that video.
const folder = await scratchFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const consent = { basis: 'permission', note: 'by mail' } as const;
let studio: Studio;
let id = '';
beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  await numberedClip(at('Grace.mp4'), { seconds: 8, sound: true });
  await numberedClip(at('mute.mp4'), { seconds: 8 });
  for (const name of ['slow.mp4', 'nobody.mp4', 'glimpse.mp4']) copyFileSync(at('mute.mp4'), at(name));
  for (const name of ['Grace.mp4', 'mute.mp4']) await writeFile(at(`${name}.track`), filmedFile());
  const hidden = filmedTrack();
  hidden.state.fill(2, Math.round(0.8 * FPS));
  await writeFile(at('glimpse.mp4.track'), filmedFile(hidden));
  await writeFile(at('page.mp4'), '<html>');
});
beforeEach(async () => {
  studio = openStudio({ libraryDir: at('library') });
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  id = (await studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, studio.library.paths.avatar(id));
});
afterEach(async () => {
  await studio.close();
  await rm(at('library'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const drive = (name: string) => studio.timeline.drive(id, { path: at(name), consent });
/** Of the other face, anywhere in the library. */
const left = () =>
  readdirSync(at('library'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /driving|person\.mkv|track\.safetensors/.test(basename(path)),
  );
const expectAsBefore = async () => {
  expect(left()).toEqual([]);
  expect(takes()).toEqual(['Take 1*']);
  expect((await studio.projects.get(id)).sounds).toHaveLength(1); // the project's own
};
const takes = () => studio.takes.list(id).map(({ name, open }) => (open ? `${name}*` : name));

describe.skipIf(process.platform === 'win32')('an avatar that another video drives', () => {
  it('gets a take that is open then, with lanes and the sound, and nothing of the other face', async () => {
    const driven = await drive('Grace.mp4').result;
    expect(driven).toMatchObject({ take: { name: 'Driven by Grace' }, frames: 200, good: 200, coarser: 1 });
    expect(driven.seconds).toBeCloseTo(8, 0);
    expect(takes()).toEqual(['Take 1', 'Driven by Grace*']);
    const { sounds } = await studio.projects.get(id);
    expect(sounds.map(({ name }) => name)).toContain('Grace');
    const { take, revision } = studio.timeline.take(id);
    expect(take.clips).toMatchObject([{ sound: driven.sound, at: 0, start: 0 }]);
    expect(take.clips[0]!.seconds).toBeCloseTo(8, 1);
    expect(driven.lanes).toEqual(expect.arrayContaining(['head.yaw', 'head.pitch', 'head.roll', 'gaze.yaw']));
    expect(studio.timeline.saveTake(id, take, revision)).toBe(revision + 1); // one that can be edited
    expect(left()).toEqual([]);
    expect((await drive('Grace.mp4').result).take.name).toBe('Driven by Grace 2');
  });

  it('keeps who said that it may, as long as a take that rests on it', async () => {
    const { consent: kept } = await drive('Grace.mp4').result;
    expect(studio.library.consents.get(kept)).toMatchObject(consent);
    const again = studio.takes.duplicate(id);
    const { projectId } = await studio.projects.duplicate(id);
    await studio.projects.remove(id);
    await studio.projects.emptyTrash();
    expect(studio.library.takes.list(projectId).map(({ name, consentId }) => [name, consentId])).toEqual([
      ['Take 1', null],
      ['Driven by Grace', kept],
      [again.name, kept],
    ]);
    expect(studio.library.consents.get(kept)).toMatchObject(consent);
    await studio.projects.remove(projectId);
    await studio.projects.emptyTrash();
    expect(studio.library.consents.get(kept)).toBeUndefined();
  });

  it('moves without a sound too', async () => {
    const driven = await drive('mute.mp4').result;
    expect(driven.sound).toBeNull();
    expect(studio.timeline.take(id).take).toMatchObject({ clips: [], range: { from: 0 } });
  });

  it.each([
    ['nobody.mp4', 'no-face', /No face/],
    ['glimpse.mp4', 'too-short', /hardly ever seen/],
    ['page.mp4', 'bad-video', /video/],
    ['gone.mp4', 'not-found', /"gone" is not there/],
  ])('says of %s that it is %s, and changes nothing', async (name, code, message) => {
    await expect(drive(name).result).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    await expectAsBefore();
  });

  it('is left as it was when the job is stopped', async () => {
    const job = drive('slow.mp4');
    await expect.poll(left).not.toEqual([]);
    job.cancel();
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' });
    await expectAsBefore();
  });

  it('is left as it was when the job is stopped at its last step', async () => {
    const job = drive('Grace.mp4');
    for await (const event of job.events)
      if (event.type === 'state' && event.state.kind === 'running' && event.state.progress?.stage === 'drive')
        job.cancel();
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(studio.library.jobs.get(job.id)?.state.kind).toBe('cancelled');
    await expectAsBefore();
  });

  it('is left as it was when the take cannot be written', async () => {
    vi.spyOn(studio.library.takes, 'create').mockImplementation(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    });
    await expect(drive('Grace.mp4').result).rejects.toMatchObject({ code: 'disk-full' });
    await expectAsBefore();
    const own = await studio.timeline.addSound(id, at('Grace.mp4'), 'Mine');
    await expect(drive('Grace.mp4').result).rejects.toMatchObject({ code: 'disk-full' });
    expect((await studio.projects.get(id)).sounds.map((sound) => sound.id)).toEqual(['source', own.id]);
  });

  it('has to be there first', async () => {
    await rm(studio.library.paths.avatar(id));
    expect(existsSync(at('Grace.mp4'))).toBe(true);
    expect(() => drive('Grace.mp4')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
