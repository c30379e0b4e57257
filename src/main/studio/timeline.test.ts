import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { ProjectDetail } from '../../shared/contract/studio.ts';
import { removeSound } from '../../shared/domain/clips.ts';
import { PLAIN_SPEECH, type Speech, type Take } from '../../shared/domain/take.ts';
import { TINY, variedBundle } from './engine/bundles.fixture.ts';
import { waveFile } from './export/wave.fixture.ts';
import { ffmpeg, scratchFolder, tinyClip, TINY_PICTURES } from './media/clips.fixture.ts';
import { probeVideo, readFrames, readSound } from './media/index.ts';
import { openStudio, type Studio } from './studio.ts';

// What is on a project's timeline: its pictures, its sounds, its take, and the film of it.
const folder = await scratchFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const RATE = 16_000;
let studio: Studio;
let id = '';
beforeAll(async () => {
  await ffmpeg(...TINY_PICTURES, at('mute.mp4'));
  await tinyClip(at('clip.mp4'));
  // A click every half second, the first at once.
  await writeFile(
    at('clicks.wav'),
    waveFile(
      Float32Array.from({ length: 2 * RATE }, (_, k) => (k % (RATE / 2) < 80 ? 0.5 : 0)),
      RATE,
    ),
  );
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

const take = (change: Partial<Take>): Take => ({
  version: 2,
  clips: [],
  pose: { kind: 'source', startFrame: 0 },
  speech: PLAIN_SPEECH,
  lanes: {},
  range: null,
  markers: [],
  muted: [],
  solo: [],
  removed: [],
  ...change,
});
const train = () => copyFileSync(TINY, studio.library.paths.avatar(id));
const detail = async () => ProjectDetail.parse(await studio.projects.get(id));

/** The studio's job, to its end. */
async function ended(job: string): Promise<string> {
  for (;;) {
    const { state } = studio.jobs.list().find((one) => one.id === job)!;
    if (state.kind !== 'queued' && state.kind !== 'running') return state.kind;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the pictures of a project', () => {
  it('are made by one job however often they are asked for, and are there for the window then', async () => {
    expect((await detail()).pictures).toBeNull();
    await expect(studio.timeline.pictures(id)).rejects.toMatchObject({ code: 'not-found' });
    const job = studio.timeline.makePictures(id);
    expect(studio.timeline.makePictures(id).id).toBe(job.id);
    expect(await ended(job.id)).toBe('done');
    expect((await detail()).pictures).toMatchObject({ frames: 20, width: 160, height: 128 });
    expect(Array.from((await studio.timeline.pictures(id)).times)).toEqual(
      Array.from({ length: 20 }, (_, k) => expect.closeTo(k / 25, 6)),
    );
    expect(await ended(studio.timeline.makePictures(id).id)).toBe('done');
  });

  it('that are damaged are as good as none, and made again', async () => {
    await ended(studio.timeline.makePictures(id).id);
    rmSync(join(studio.library.paths.pictures(id), 'frames.mjpeg'));
    expect((await detail()).pictures).toBeNull();
    expect(await ended(studio.timeline.makePictures(id).id)).toBe('done');
    expect((await detail()).pictures?.frames).toBe(20);
  });

  it('can be stopped, and nothing half made is left', async () => {
    const job = studio.timeline.makePictures(id);
    studio.jobs.cancel(job.id);
    expect(await ended(job.id)).toBe('cancelled');
    expect(readdirSync(studio.library.paths.project(id))).toEqual(['project.json', 'source.mp4']);
  });
});

describe('the take of a project', () => {
  it('that nobody edited is its own sound from end to end, if it has one', async () => {
    const { take: initial, revision } = studio.timeline.take(id);
    expect([revision, initial.clips]).toEqual([
      0,
      [{ id: 'source', sound: 'source', at: 0, start: 0, seconds: expect.closeTo(0.8, 2) }],
    ]);
    const mute = await studio.projects.importVideo({ path: at('mute.mp4'), consent: { basis: 'synthetic' } });
    expect(studio.timeline.take(mute.projectId).take.clips).toEqual([]);
    await expect(studio.timeline.soundFile(mute.projectId, 'source')).rejects.toMatchObject({ code: 'no-audio' });
    expect((await studio.projects.get(mute.projectId)).sounds).toEqual([]);
  });

  it('is saved by whoever saw the newest one, and every window hears of it', async () => {
    const notices = studio.notices();
    const heard = notices.next();
    const mine = take({ markers: [{ id: 'm', at: 0.5, name: 'Here' }] });
    expect(studio.timeline.saveTake(id, mine, 0)).toBe(1);
    expect((await heard).value).toEqual({ kind: 'take', projectId: id, takeId: id, revision: 1 });
    await notices.return();
    expect(() => studio.timeline.saveTake(id, take({}), 0)).toThrow(
      expect.objectContaining({ code: 'busy', message: expect.stringContaining('another window') as string }),
    );
    expect(studio.timeline.take(id)).toEqual({ id, name: 'Take 1', take: mine, revision: 1 });
    await studio.close();
    studio = openStudio({ libraryDir: at('library') });
    expect(studio.timeline.take(id)).toEqual({ id, name: 'Take 1', take: mine, revision: 1 });
  });
});

describe('a take that somebody wrote', () => {
  it('takes the place of the one that was shown, whatever version wrote it', () => {
    const { revision, take: shown } = studio.timeline.take(id);
    const keys = [{ id: 'k', at: 0, value: 0.4, curve: 'linear' }];
    const set = studio.timeline.setTake(id, { take: { ...shown, lanes: { 'face.jaw': { keys } } }, revision });
    expect(set.revision).toBe(1);
    expect(studio.timeline.take(id).take.lanes).toEqual({ 'face.jaw': { keys, muted: false, solo: false } });
    const { lanes: _, ...old } = { ...shown, version: 1 };
    expect(studio.timeline.setTake(id, old)).toEqual({ take: { ...shown, lanes: {} }, revision: 2 });
    expect(() => studio.timeline.setTake(id, { take: shown, revision: 1 })).toThrow(
      expect.objectContaining({ code: 'busy' }),
    );
  });

  it.each([
    ['is none', 'a take', 'This is not a take'],
    [
      'has a value that is too large',
      { lanes: { 'head.yaw': { keys: [{ id: 'k', at: 0, value: 91 }] } } },
      'head.yaw.keys.0',
    ],
    [
      'has a sound that is not there',
      { clips: [{ id: 'x', sound: '0123456789abcdef', at: 0, start: 0, seconds: 1 }] },
      'no sound',
    ],
    ['is of a version to come', { version: 3 }, 'version'],
  ])('and %s is refused, with what is wrong', (_, change, words) => {
    const written = typeof change === 'string' ? change : { ...take({}), ...change };
    expect(() => studio.timeline.setTake(id, written)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(words) as string }),
    );
    expect(studio.timeline.take(id).revision).toBe(0);
  });

  it('can have head and gaze keyed to the camera, as far as the person goes', async () => {
    await expect(studio.timeline.frontalise(id)).rejects.toMatchObject({ code: 'not-found' });
    train();
    const ranges = await studio.timeline.ranges(id);
    const { revision, short } = await studio.timeline.frontalise(id);
    const { lanes } = studio.timeline.take(id).take;
    expect(revision).toBe(1);
    expect(Object.keys(lanes).toSorted()).toEqual(['gaze.camera', 'head.pitch', 'head.roll', 'head.yaw']);
    const { from, to } = ranges['head.yaw']!;
    expect(lanes['head.yaw']!.keys[0]!.value).toBe(Math.min(Math.max(0, from), to));
    expect(short.every(({ degrees }) => degrees !== 0)).toBe(true);
  });
});

describe('the sounds of a project', () => {
  it('begin with its own; one that was removed stays on the disk, so that it can come back', async () => {
    const sound = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    expect((await detail()).sounds).toEqual([
      { id: 'source', name: expect.any(String) as string, seconds: expect.closeTo(0.8, 1) as number },
      sound,
    ]);
    expect((await studio.timeline.soundShape(id, 'source')).high.length).toBeGreaterThan(75);
    studio.timeline.saveTake(id, take({ clips: [{ id: 'c', sound: sound.id, at: 0, start: 0, seconds: 1 }] }), 0);
    const before = studio.timeline.take(id).take;
    const removed = removeSound(before, sound.id);
    expect([removed.clips, removed.removed]).toEqual([[], [sound.id]]);
    studio.timeline.saveTake(id, removed, 1);
    studio.timeline.saveTake(id, before, 2); // undo, here or in another window
    expect(studio.timeline.take(id).take).toEqual(before);
    expect(existsSync(await studio.timeline.soundFile(id, sound.id))).toBe(true);
  });
});

describe('the film of a take', () => {
  it('begins at the in point and ends at the out point, to the frame, sound and all', async () => {
    train();
    const { id: sound } = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    studio.timeline.saveTake(
      id,
      take({
        clips: [{ id: 'c', sound, at: 0.3, start: 0.4, seconds: 1.2 }],
        range: { from: 0.21, to: 1.27 },
        pose: { kind: 'still', frame: 3 },
      }),
      0,
    );
    const outPath = at('film.mp4');
    const result = await studio.avatars.exportVideo(id, {
      sound: { kind: 'take' },
      outPath,
      mode: 'portrait',
      height: 128,
    }).result;
    // 0.21 s is nearest to frame 5, 1.27 s to frame 32.
    expect(result).toMatchObject({ frames: 27, seconds: 27 / 25 });
    const tools = await studio.tools();
    expect((await probeVideo(tools, outPath)).source).toMatchObject({ frames: 27, hasAudio: true });
    const { samples } = await readSound(tools, outPath, { rate: 48_000, channels: 2 });
    // The click at 0.5 s of the sound is heard at 0.3 + 0.1 s of the timeline, 0.2 s into the film; the next half a
    // second later.
    const clicks = [0.2, 0.7].map(
      (seconds) =>
        samples
          .subarray(Math.round((seconds - 0.02) * 96_000), Math.round((seconds + 0.02) * 96_000))
          .findIndex((sample) => Math.abs(sample) > 0.2) /
          96_000 -
        0.02,
    );
    for (const late of clicks) expect(Math.abs(late)).toBeLessThan(0.005);
    expect(samples.length / 96_000).toBeCloseTo(27 / 25, 2);
    expect(JSON.parse(readFileSync(result.provenance, 'utf8'))).toMatchObject({ audio: { sounds: [sound] } });
    expect(readdirSync(studio.library.paths.job(studio.jobs.list()[0]!.id))).toEqual([]); // the mix is gone
  });

  it('records how it was told to speak, and what is asked for with the export counts before the timeline', async () => {
    train();
    const { id: sound } = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    studio.timeline.saveTake(
      id,
      take({ clips: [{ id: 'c', sound, at: 0, start: 0, seconds: 0.2 }], speech: { ...PLAIN_SPEECH, strength: 1.3 } }),
      0,
    );
    const recorded = async (speech: Partial<Speech> = {}) => {
      const { provenance } = await studio.avatars.exportVideo(id, {
        sound: { kind: 'take' },
        mode: 'portrait',
        height: 128,
        outPath: at('told.mp4'),
        speech,
      }).result;
      return (JSON.parse(readFileSync(provenance, 'utf8')) as { speech: unknown }).speech;
    };
    expect(await recorded()).toEqual({ mouthStrength: 1.3, style: null, temperature: 0 });
    expect(await recorded({ strength: 0.5 })).toEqual({ mouthStrength: 0.5, style: null, temperature: 0 });
    // the tiny avatar has none
    await expect(recorded({ style: { entry: 1, amount: 1 } })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(recorded({ temperature: 0.5 })).rejects.toMatchObject({ code: 'bad-request' }); // nor other mouths
    await variedBundle(studio.library.paths.avatar(id));
    expect(await recorded({ temperature: 0.5 })).toEqual({ mouthStrength: 1.3, style: null, temperature: 0.5 });
  });

  it('shows in a part what the whole shows there', async () => {
    train();
    const { id: sound } = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    const whole = take({ clips: [{ id: 'c', sound, at: 0, start: 0, seconds: 2 }] });
    const film = async (wanted: Take, revision: number, name: string) => {
      studio.timeline.saveTake(id, wanted, revision);
      await studio.avatars.exportVideo(id, {
        sound: { kind: 'take' },
        outPath: at(name),
        mode: 'portrait',
        height: 128,
      }).result;
      const frames: Uint8Array[] = [];
      for await (const { pixels } of readFrames(await studio.tools(), await probeVideo(await studio.tools(), at(name))))
        frames.push(pixels);
      return frames;
    };
    const [all, part] = [
      await film(whole, 0, 'all.mp4'),
      await film({ ...whole, range: { from: 0.48, to: 0.84 } }, 1, 'part.mp4'),
    ];
    expect([all.length, part.length]).toEqual([50, 9]);
    const apart = (a: Uint8Array, b: Uint8Array) =>
      a.reduce((sum, value, k) => sum + Math.abs(value - b[k]!), 0) / a.length;
    const nearest = part.map((picture) => {
      const differences = all.map((other) => apart(picture, other));
      return differences.indexOf(Math.min(...differences));
    });
    // The clip's 20 frames are played forth and back: pictures 18 and 20 of the film show the same one, and two such
    // are as near.
    const shown = (picture: number) => 19 - Math.abs(19 - (picture % 38));
    expect(nearest.map((picture) => shown(picture))).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 18]);
  });

  it('is as it was when it was asked for, whatever is removed meanwhile', async () => {
    train();
    const { id: sound } = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    studio.timeline.saveTake(id, take({ clips: [{ id: 'c', sound, at: 0, start: 0, seconds: 0.4 }] }), 0);
    const job = studio.avatars.exportVideo(id, { sound: { kind: 'take' }, mode: 'portrait', height: 128 });
    studio.timeline.saveTake(id, removeSound(studio.timeline.take(id).take, sound), 1);
    expect((await job.result).frames).toBe(10);
  });

  it('without a sound, with a silent one or with one whose file is gone says so', async () => {
    train();
    studio.timeline.saveTake(id, take({}), 0);
    expect(() => studio.avatars.exportVideo(id, { sound: { kind: 'take' }, mode: 'dub', height: 'source' })).toThrow(
      expect.objectContaining({ code: 'no-audio' }),
    );
    const { id: sound } = await studio.timeline.addSound(id, at('clicks.wav'), 'Clicks');
    const clips = [{ id: 'c', sound, at: 0, start: 0, seconds: 1 }];
    studio.timeline.saveTake(id, take({ clips, range: { from: 0.1, to: 0.3 } }), 1);
    const silent = studio.avatars.exportVideo(id, {
      sound: { kind: 'take' },
      outPath: at('never.mp4'),
      mode: 'portrait',
      height: 128,
    });
    await expect(silent.result).rejects.toMatchObject({ code: 'bad-audio' });
    studio.timeline.saveTake(id, take({ clips }), 2);
    rmSync(await studio.timeline.soundFile(id, sound));
    const gone = studio.avatars.exportVideo(id, {
      sound: { kind: 'take' },
      outPath: at('never.mp4'),
      mode: 'portrait',
      height: 128,
    });
    await expect(gone.result).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('timeline') as string,
    });
    expect(existsSync(at('never.mp4'))).toBe(false);
  });
});
