import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DoctorResult, ImportResult } from '../../shared/contract/index.ts';
import { ProjectDetail } from '../../shared/contract/studio.ts';
import { changedBundle, TINY } from './engine/bundles.fixture.ts';
import { ffmpeg, numberedClip, scratchFolder } from './media/clips.fixture.ts';
import { openStudio, type Studio, type StudioNotice } from './studio.ts';

const folder = await scratchFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
let studio: Studio;
beforeAll(() => numberedClip(at('clip.mp4'), { sound: true }));
beforeEach(() => (studio = openStudio({ libraryDir: at('library') })));
afterEach(async () => {
  await studio.close();
  vi.unstubAllEnvs();
  await rm(at('library'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const consent = { basis: 'self' } as const;

describe('importing', () => {
  it.each([
    ['a plain clip', 'clip.mp4', [] as string[], { width: 160, height: 96, hasAudio: true }],
    ['a clip of one second', 'second.mkv', ['-t', '1'], { frames: 25 }],
    [
      '10-bit HEVC of an odd size',
      'hevc.mov',
      ['-vf', 'scale=161:97,setsar=1', '-c:v', 'libx265', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv444p10le'],
      { width: 161, height: 97, codec: 'hevc' },
    ],
    [
      'a silent WebM',
      'silent.webm',
      ['-an', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
      { hasAudio: false, codec: 'vp9' },
    ],
    ['an AVI', 'old.avi', ['-c:v', 'mpeg4', '-c:a', 'mp3'], { codec: 'mpeg4' }],
  ])('%s works', async (_, name, options, expected) => {
    if (options.length > 0) await ffmpeg('-i', at('clip.mp4'), ...options, at(name));
    const result = await studio.projects.importVideo({ path: at(name), consent });
    expect(ImportResult.parse(result).source).toMatchObject(expected);
    expect(result.name).toBe(name.split('.')[0]);
    const detail = ProjectDetail.parse(await studio.projects.get(result.name));
    expect(detail).toMatchObject({ id: result.projectId, analysed: false, trained: false, report: null, exports: [] });
    expect(readFileSync(studio.library.sourcePath(studio.library.projects.find(result.projectId)))).toEqual(
      readFileSync(at(name)),
    );
  });

  it.each([
    ['an empty file', 'empty.mp4', () => writeFile(at('empty.mp4'), '')],
    ['text', 'text.mp4', () => writeFile(at('text.mp4'), 'once upon a time\n'.repeat(99))],
    [
      'an HLS playlist',
      'list.mp4',
      () =>
        writeFile(at('list.mp4'), `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${at('clip.mp4')}\n#EXT-X-ENDLIST\n`),
    ],
    [
      'a concat script',
      'concat.mp4',
      () => writeFile(at('concat.mp4'), `ffconcat version 1.0\nfile '${at('clip.mp4')}'\n`),
    ],
    ['sound', 'sound.mp4', () => ffmpeg('-i', at('clip.mp4'), '-vn', '-c:a', 'copy', at('sound.mp4'))],
  ])('%s is refused with a reason and what to do, and leaves the library untouched', async (_, name, make) => {
    await make();
    await expect(studio.projects.importVideo({ path: at(name), consent })).rejects.toMatchObject({
      name: 'StudioError',
      code: 'bad-video',
      hint: expect.stringMatching(/Use an mp4|Choose the video/),
    });
    expect([studio.projects.list(), readdirSync(studio.library.paths.projects)]).toEqual([[], []]);
  });

  it('tells the windows', async () => {
    const notices = studio.notices();
    const next = notices.next();
    await studio.projects.importVideo({ path: at('clip.mp4'), consent });
    expect((await next).value).toEqual({ kind: 'projects' });
    await notices.return();
  });
});

describe('a frame of a take', () => {
  it('is asked for within the take, as a PNG, and by a name that no other has', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), consent });
    copyFileSync(TINY, studio.library.paths.avatar(projectId));
    const { duration, fps } = (await studio.projects.get(projectId)).source;
    const how = { mode: 'portrait', height: 120 } as const;
    for (const wrong of [{ at: duration + 0.1 }, { at: -1 }, { at: 0, outPath: at('frame.jpg') }])
      expect(() => studio.avatars.saveFrame(projectId, { ...wrong, ...how })).toThrow(
        expect.objectContaining({ code: 'bad-request' }),
      );
    expect(studio.jobs.list()).toEqual([]);
    const asked = [0, duration].map((moment) => studio.avatars.saveFrame(projectId, { at: moment, ...how }));
    const frames = await Promise.all(asked.map(({ job }) => job.result));
    expect(frames.map(({ frame }) => frame)).toEqual([0, Math.round(duration * fps) - 1]);
    expect(new Set(frames.map(({ path }) => path)).size).toBe(2);
    const { exports } = await studio.projects.get(projectId);
    expect(new Set(exports.map(({ name }) => name))).toEqual(new Set(frames.map(({ path }) => basename(path))));
  });
});

describe('the order of things', () => {
  it('is kept: no training or ablation before an analysis, no evaluation or export before a training', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), consent });
    for (const early of [
      () => studio.training.train(projectId),
      () => studio.training.evaluate(projectId),
      () => studio.training.ablate(projectId, 'speech'),
      () => studio.avatars.path(projectId),
      () => studio.avatars.exportVideo(projectId, { sound: { kind: 'source' }, mode: 'dub', height: 'source' }),
      () => studio.avatars.saveFrame(projectId, { at: 0, mode: 'portrait', height: 'source' }),
    ]) {
      expect(early).toThrow(
        expect.objectContaining({ code: 'not-found', hint: expect.stringMatching(/first/) as string }),
      );
    }
    await expect(studio.avatars.importBundle(at('clip.mp4'))).rejects.toMatchObject({ code: 'bad-bundle' });
    expect(studio.jobs.list()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'a training that dies is interrupted, goes on from its checkpoint with its own settings, and its curve has no seam',
    async () => {
      vi.stubEnv('LIKENESS_PYTHON', resolve('src/main/studio/training/echo-trainer.fixture.mjs'));
      await studio.close();
      studio = openStudio({ libraryDir: at('library') });
      const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent });
      expect((await studio.training.analyze('Ada').result).frames).toBe(25);
      expect(() => studio.training.train('Ada', { resume: true })).toThrow(
        expect.objectContaining({ code: 'not-found' }),
      );
      const first = studio.training.train('Ada', { preset: 'draft', seed: 7 });
      await expect(first.result).rejects.toMatchObject({ code: 'interrupted' });
      const checkpoint = join(studio.library.paths.run(projectId, 1), 'checkpoint.pt');
      expect(studio.jobs.list()[0]).toMatchObject({ id: first.id, state: { kind: 'interrupted', checkpoint } });

      const seen: StudioNotice[] = [];
      const listener = (async () => {
        for await (const notice of studio.notices()) if (seen.push(notice) && notice.kind === 'projects') break;
      })();
      const result = await studio.training.train('Ada', { resume: true }).result;
      await listener;
      expect(seen.map((notice) => notice.kind === 'job' && notice.job.state.kind)).toContain('running');
      expect(result).toMatchObject({ avatar: studio.avatars.path('Ada'), seconds: 2, metrics: { loss: 4.5 } });
      expect(JSON.parse(readFileSync(studio.avatars.path('Ada'), 'utf8'))).toMatchObject({
        preset: 'draft',
        seed: 7,
        resume: true,
        consent: { basis: 'self' },
      });
      expect(studio.training.metrics('Ada').map(({ step, value }) => [step, value])).toEqual([
        [1, 1],
        [2, 2],
        [3, 3.5],
        [4, 4.5],
      ]);
      expect(() => studio.training.train('Ada', { resume: true })).toThrow(
        expect.objectContaining({ code: 'not-found' }),
      );

      // What is measured stays with the project; a video of it is where it was asked for, and whose it is.
      expect((await studio.training.evaluate('Ada', { videoPath: 'watched.mp4' }).result).video).toMatchObject({
        path: resolve('watched.mp4'),
      });
      expect((await studio.projects.get('Ada')).quality).toMatchObject({ frames: 2, psnr: { face: 2 } });
      expect((await studio.projects.get('Ada')).quality).not.toHaveProperty('video');
      expect((await studio.training.evaluate('Ada').result).video).toBeUndefined();

      // A page of it lies in the project, where a window finds it, and where it was asked for.
      expect((await studio.projects.get('Ada')).evaluation).toBeNull();
      const { report } = await studio.training.evaluate('Ada', { reportDir: at('reports') }).result;
      expect(report).toEqual({
        html: at('reports/report.html'),
        film: at('reports/film.mp4'),
        figures: at('reports/report.json'),
      });
      expect(readFileSync(report!.film, 'utf8')).toBe('film');
      const { quality, evaluation } = await studio.projects.get('Ada');
      expect(quality).not.toHaveProperty('report');
      expect(evaluation).toMatchObject({ page: 'report.html', film: 'film.mp4' });
      expect(await studio.projects.file(projectId, 'evaluation', evaluation!.page)).toEqual({
        file: join(studio.library.paths.evaluationReport(projectId), 'report.html'),
        type: 'text/html; charset=utf-8',
      });
      expect(await studio.projects.file(projectId, 'evaluation', 'report.json')).toBeUndefined();
      await studio.projects.remove('Ada');
      expect(existsSync(studio.library.paths.project(projectId))).toBe(false);
    },
  );
});

describe('a training that cannot be', () => {
  it('asked for: an instant avatar of some minutes', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent });
    const { paths, runs } = studio.library;
    await mkdir(paths.analysis(projectId), { recursive: true });
    await writeFile(paths.track(projectId), '');
    expect(() => studio.training.train('Ada', { preset: 'instant', minutes: 5 })).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(/not trained/) as string }),
    );
    expect(runs.list(projectId)).toEqual([]);
  });

  it('gone on with: one of a preset that there is no more, which is listed as it was', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent });
    const { paths, runs } = studio.library;
    await mkdir(paths.analysis(projectId), { recursive: true });
    await writeFile(paths.track(projectId), '');
    const run = runs.start(projectId, { preset: 'demo', device: 'cpu', seed: 0 });
    await mkdir(paths.run(projectId, run.number), { recursive: true });
    await writeFile(paths.checkpoint(projectId, run.number), '');
    expect(runs.list(projectId)[0]!.request.preset).toBe('demo');
    runs.finish(run.id);
    await expect(studio.training.keep('Ada', 5).result).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/preset "demo"/) as string,
    });
  });
});

describe('the avatar of a checkpoint', () => {
  it('is of the newest unfinished training, gives way to its avatar, and is never exported or taken in', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent });
    const { paths, runs } = studio.library;
    const analysis = paths.analysis(projectId);
    await mkdir(analysis, { recursive: true });
    await writeFile(join(analysis, 'track.safetensors'), '');
    const refused = (message: RegExp) =>
      expect.objectContaining({ code: 'not-found', message: expect.stringMatching(message) as string });
    await expect(studio.training.tryCheckpoint('Ada')).rejects.toEqual(refused(/no training yet/));
    const run = runs.start(projectId, { preset: 'draft', device: 'cpu', seed: 0 });
    await mkdir(paths.run(projectId, run.number), { recursive: true });
    await expect(studio.training.tryCheckpoint('Ada')).rejects.toEqual(refused(/not saved a checkpoint yet/));
    expect((await studio.projects.get('Ada')).checkpoint).toBeNull();

    const checkpoint = join(paths.run(projectId, 1), 'checkpoint.pt');
    const [first, later] = [new Date('2026-01-02T03:04:05.678Z'), new Date('2026-01-02T03:05:00.001Z')];
    await writeFile(checkpoint, '');
    await utimes(checkpoint, first, first);
    expect((await studio.projects.get('Ada')).checkpoint).toEqual({
      savedAt: first.toISOString(),
      shown: null,
      draws: null,
      newer: false,
    });
    await expect(studio.avatars.shownPath('Ada')).rejects.toEqual(refused(/no avatar yet/));

    const shown = { step: 40, steps: 100, stage: 'refine', savedAt: first.toISOString() };
    const avatar = await changedBundle(paths.checkpointAvatar(projectId, 1), {
      files: { 'render-fast.onnx': null, 'report.json': null },
      manifest: (manifest) => (manifest['checkpoint'] = shown),
    });
    expect((await studio.projects.get('Ada')).checkpoint).toEqual({
      savedAt: first.toISOString(),
      shown,
      draws: 'std',
      newer: false,
    });
    expect(await studio.avatars.shownPath('Ada')).toBe(avatar);
    await utimes(checkpoint, later, later);
    expect((await studio.projects.get('Ada')).checkpoint).toMatchObject({ shown, newer: true });
    expect(() =>
      studio.avatars.exportVideo('Ada', { sound: { kind: 'source' }, mode: 'portrait', height: 360 }),
    ).toThrow(refused(/no avatar yet/));
    await expect(studio.avatars.importBundle(avatar)).rejects.toMatchObject({
      code: 'bad-bundle',
      message: expect.stringMatching(/unfinished training/) as string,
    });

    await changedBundle(paths.avatar(projectId), {}); // the training's end: newer than any of its checkpoints
    runs.finish(run.id);
    expect((await studio.projects.get('Ada')).checkpoint).toBeNull();
    expect(await studio.avatars.shownPath('Ada')).toBe(paths.avatar(projectId));
    await expect(studio.training.tryCheckpoint('Ada')).rejects.toEqual(refused(/is finished/));

    runs.start(projectId, { preset: 'draft', device: 'cpu', seed: 1 }); // a new one, of which nothing can be seen yet
    expect(await studio.avatars.shownPath('Ada')).toBe(paths.avatar(projectId));
  });

  it('can be put away, and what cannot be read is not shown', async () => {
    const { projectId } = await studio.projects.importVideo({ path: at('clip.mp4'), name: 'Ada', consent });
    const { paths, runs } = studio.library;
    runs.start(projectId, { preset: 'draft', device: 'cpu', seed: 0 });
    await mkdir(paths.run(projectId, 1), { recursive: true });
    await writeFile(join(paths.run(projectId, 1), 'checkpoint.pt'), '');
    const manifest = { step: 1, steps: 2, stage: 'volume', savedAt: new Date().toISOString() };
    await changedBundle(paths.checkpointAvatar(projectId, 1), {
      manifest: (document) => (document['checkpoint'] = manifest),
    });
    expect((await studio.projects.get('Ada')).checkpoint?.shown).toEqual(manifest);
    await studio.training.dropCheckpoint('Ada');
    expect((await studio.projects.get('Ada')).checkpoint?.shown).toBeNull();
    await studio.training.dropCheckpoint('Ada'); // twice is no harm
    await writeFile(paths.checkpointAvatar(projectId, 1), 'not an avatar');
    expect((await studio.projects.get('Ada')).checkpoint?.shown).toBeNull();
  });
});

it('doctor sees what is here', async () => {
  const result = DoctorResult.parse(await studio.system.doctor());
  expect(result.ffmpeg?.version).toMatch(/\d/);
  expect(result.python?.version).toMatch(/^3\.1[0-2]\./);
  expect(result.versions['torch']).toMatch(/^2\./);
  expect(result.models).toContainEqual({ name: 'speech-encoder', present: true });
  expect(result.disk.libraryBytes).toBeGreaterThan(0);
});
