import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSafetensors } from '../src/shared/binary/index.ts';
import {
  AnalysisReport,
  DoctorResult,
  EvaluateResult,
  ExportResult,
  ImportResult,
  TrainResult,
} from '../src/shared/contract/index.ts';
import { BenchResult } from '../src/bench/index.ts';
import { buildWindow } from './build-window.ts';
import { alive, likenessOn, mediaTools, workerOf } from './likeness.ts';
import { SECONDS, shortSample } from './short-sample.ts';
import { keepTrained } from './trained-sample.ts';

// One library, one story: each test goes on where the one before it ended.
const work = mkdtempSync(join(tmpdir(), 'likeness-e2e-'));
const library = join(work, 'library');
mkdirSync(library);
const { likeness, start } = likenessOn(library);
let video = '';
const otherVoice = join(import.meta.dirname, '..', 'resources', 'sample', 'other-voice.wav');
const speech = join(work, 'speech.wav');
let ffmpeg = '';
let ffprobe = '';
let goodFrames = 0; // as the analysis counts them

/** Makes a file with ffmpeg. */
function make(name: string, ...args: string[]): string {
  const path = join(work, name);
  execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, path]);
  return path;
}

/** Every number in a result. */
function* figures(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) yield* figures(inner);
}

beforeAll(async () => {
  video = await shortSample();
  ({ ffmpeg, ffprobe } = await mediaTools(library));
  make('speech.wav', '-i', otherVoice, '-t', '1.9');
});
afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

describe('from a video to a talking avatar', () => {
  test('doctor finds everything in order', async () => {
    const { code, json } = await likeness('doctor');
    expect(DoctorResult.parse(json).problems).toEqual([]);
    expect(code).toBe(0);
  });

  test('a video is imported', async () => {
    const { code, json } = await likeness('import', video, '--consent', 'synthetic', '--name', 'Sample');
    expect(code).toBe(0);
    const { name, source } = ImportResult.parse(json);
    expect(name).toBe('Sample');
    expect(source).toMatchObject({ frames: SECONDS * 25, fps: 25, rotation: 0, hasAudio: true });
  });

  test('nothing can be trained before the analysis, and it says so', async () => {
    const { code, json } = await likeness('train', 'Sample');
    expect([code, json.error.code]).toEqual([2, 'not-found']);
  });

  test('the analysis finds the face in nearly every frame', async () => {
    const { code, json, log } = await likeness('analyze', 'Sample');
    expect(code, JSON.stringify(json)).toBe(0);
    const { frames, states } = AnalysisReport.parse(json);
    goodFrames = states.good;
    expect(frames).toBe(SECONDS * 25);
    expect(states.good / frames).toBeGreaterThanOrEqual(0.98);
    expect(log).toMatch(/\d+ %/); // progress went to the log
  });

  test('a short training makes an avatar', async () => {
    const { code, json } = await likeness('train', 'Sample', '--preset', 'demo', '--minutes', '1.3', '--seed', '1');
    expect(code, JSON.stringify(json)).toBe(0);
    const { avatar, seconds } = TrainResult.parse(json);
    expect(existsSync(avatar)).toBe(true);
    expect(seconds).toBeGreaterThan(1);
    await keepTrained(library); // the tests of the window need not train then
  });

  test('it is measured on the frames it never saw', async () => {
    const { code, json } = await likeness('evaluate', 'Sample');
    expect(code, JSON.stringify(json)).toBe(0);
    const { frames, psnr, baselines } = EvaluateResult.parse(json);
    expect(frames).toBe(Math.floor(goodFrames / 11)); // the last eleventh of the good ones
    // even half a minute's training shows this face; a wrong crop or pose would not reach it
    expect(psnr.face).toBeGreaterThan(15);
    expect(baselines.nearest.psnr.face).toBeGreaterThan(15);
  });

  test('the motion of a recording is written for every frame', async () => {
    const out = join(work, 'motion.safetensors');
    const { code, json } = await likeness('motion', 'Sample', '--audio', speech, '--out', out);
    expect(code, JSON.stringify(json)).toBe(0);
    const frames = Math.round(1.9 * 25);
    expect(json).toMatchObject({ frames, fps: 25 });
    const { tensors } = parseSafetensors(readFileSync(out));
    expect([...tensors].map(([name, { shape }]) => [name, [...shape]])).toEqual(
      expect.arrayContaining([
        ['expression', [frames, 64]],
        ['pose', [frames, 6]],
        ['landmarks', [frames, 478, 3]],
      ]),
    );
    const spread = (values: ArrayLike<number>) => Math.max(...Array.from(values)) - Math.min(...Array.from(values));
    const expression = tensors.get('expression')!.values as Float32Array;
    expect(spread(expression)).toBeGreaterThan(0.1);
    expect(expression.every(Number.isFinite)).toBe(true);
  });

  test('held-out frames are rendered beside their truth', async () => {
    const out = join(work, 'frames');
    const { code, json } = await likeness(
      'render',
      'Sample',
      '--split',
      'test',
      '--drive',
      'track',
      '--size',
      'crop',
      '--out',
      out,
    );
    expect(code, JSON.stringify(json)).toBe(0);
    const truths = readdirSync(out).filter((name) => name.startsWith('truth-'));
    const rendered = readdirSync(out).filter((name) => name.endsWith('.png') && !name.startsWith('truth-'));
    expect(truths).toHaveLength(json.frames);
    expect(rendered).toHaveLength(json.frames);
    const { width, height } = PNG.sync.read(readFileSync(join(out, truths[0]!)));
    expect([width, height]).toEqual([256, 256]);
  });

  test.each([
    ['dub', 'source', 512],
    ['portrait', '360', 360],
  ])('a %s is exported with sound and picture of the same length', async (mode, height, rows) => {
    const out = join(work, `${mode}.mp4`);
    const { code, json } = await likeness(
      'export',
      'Sample',
      '--audio',
      speech,
      '--out',
      out,
      '--mode',
      mode,
      '--height',
      height,
    );
    expect(code, JSON.stringify(json)).toBe(0);
    const { frames, seconds, provenance } = ExportResult.parse(json);
    expect(frames).toBe(Math.round(seconds * 25));
    expect(JSON.parse(readFileSync(provenance, 'utf8'))).toMatchObject({ mode });

    const probed = JSON.parse(
      execFileSync(ffprobe, ['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-of', 'json', out], {
        encoding: 'utf8',
      }),
    );
    const [picture, sound] = ['video', 'audio'].map((type) =>
      probed.streams.find((stream: { codec_type: string }) => stream.codec_type === type),
    );
    expect(picture).toMatchObject({
      codec_name: 'h264',
      height: rows,
      nb_read_frames: String(frames),
      avg_frame_rate: '25/1',
    });
    expect(sound).toMatchObject({ codec_name: 'aac' });
    // Half a frame is what a whole number of frames may differ from the sound; 20 ms on top.
    expect(Math.abs(Number(picture.duration) - 1.9)).toBeLessThanOrEqual(0.5 / 25 + 0.02);
    expect(Math.abs(Number(sound.duration) - 1.9)).toBeLessThanOrEqual(0.03);
    expect(Math.abs(Number(picture.start_time) - Number(sound.start_time))).toBeLessThanOrEqual(0.02);
    const file = readFileSync(out);
    expect(file.indexOf('moov')).toBeLessThan(file.indexOf('mdat')); // plays while it loads
  });

  test('the avatar is timed, and the window in a browser', async () => {
    buildWindow();
    const { code, json, log } = await likeness('bench', 'Sample', '--seconds', '0.5');
    expect(code, JSON.stringify(json)).toBe(0);
    const { graphs, chosen, live, speech, window } = BenchResult.parse(json);
    expect(graphs.map(({ model }) => model)).toEqual(['std', 'fast']);
    expect(graphs).toContainEqual(chosen);
    expect(window, log).toBeDefined();
    expect(speech.live!.stepMs.p50Ms).toBeGreaterThan(0);
    console.log(`Measured in the browser: ${JSON.stringify({ engineFps: live.engineFps, ...window })}`);
    expect([...figures(window)].filter((figure) => !Number.isFinite(figure) || figure <= 0)).toEqual([]);
    expect(window!.playing.mostFps).toBeGreaterThan(1);
    expect(window!.playing.fps).toBeGreaterThan(1);
  });

  test('an avatar can be taken elsewhere, and a changed byte is found', async () => {
    const file = join(work, 'sample.likeness');
    expect((await likeness('bundle', 'export', 'Sample', file)).code).toBe(0);
    expect((await likeness('bundle', 'import', file, '--name', 'Copy')).json.name).toBe('Copy');

    const bytes = readFileSync(file);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = bytes[middle]! ^ 1;
    writeFileSync(file, bytes);
    const before = readdirSync(join(library, 'projects'));
    const { code, json } = await likeness('bundle', 'import', file, '--name', 'Damaged');
    expect([code, json.error.code]).toEqual([2, 'bad-bundle']);
    expect(readdirSync(join(library, 'projects'))).toEqual(before);

    const portrait = await likeness(
      'export',
      'Copy',
      '--audio',
      speech,
      '--out',
      join(work, 'copy.mp4'),
      '--mode',
      'dub',
    );
    expect(portrait.json.error).toMatchObject({ code: 'not-found' }); // its video did not come along
  });
});

describe('a training that is stopped', () => {
  const steps = () => {
    const runs = join(library, 'projects', projectId, 'runs');
    const newest = readdirSync(runs)
      .map(Number)
      .toSorted((a, b) => b - a)[0]!;
    const log = join(runs, String(newest), 'log.ndjson');
    return existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { step: number }).step)
      : [];
  };
  /** The last training step that the log tells of. */
  const stepIn = (log: string) => Number([...log.matchAll(/\((\d+) of \d+ steps/g)].at(-1)?.[1] ?? 0);
  const training = (log: string) => stepIn(log) > 0;
  let projectId = '';
  let jobId = '';
  let stoppedAt = 0;

  const job = async () => (await likeness('jobs', 'list')).json.jobs.find(({ id }: { id: string }) => id === jobId);
  const settled = async (group: number) => {
    for (let tenths = 0; tenths < 100 && alive(group) > 0; tenths++) await sleep(100);
    return alive(group);
  };

  test('by another process keeps its checkpoint and leaves no process', async () => {
    projectId = (await likeness('jobs', 'list')).json.jobs.find(
      ({ kind }: { kind: string }) => kind === 'train',
    ).projectId;
    const started = start('train', 'Sample', '--preset', 'draft', '--seed', '2');
    await started.until((log) => stepIn(log) > 10);
    const worker = workerOf(library);
    jobId = (await likeness('jobs', 'list')).json.jobs[0].id;
    const cancelled = await likeness('jobs', 'cancel', jobId);
    expect(cancelled.json.job).toMatchObject({ status: 'cancelled', resumable: true });
    expect(await started.answer).toMatchObject({ code: 3, json: { error: { code: 'cancelled' } } });
    expect(await settled(worker)).toBe(0);
    stoppedAt = steps().at(-1) ?? 0;
  });

  test('by killing the trainer is interrupted, and resumes from its checkpoint', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until(training);
    await sleep(2000);
    const worker = workerOf(library);
    process.kill(worker, 'SIGKILL');
    const { code, json } = await resumed.answer;
    expect([code, json.error.code]).toEqual([3, 'interrupted']);
    expect(await settled(worker)).toBe(0);
    expect(await job()).toMatchObject({ status: 'interrupted', resumable: true });
  });

  test('by killing the command line leaves no trainer and a whole library', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until(training);
    const worker = workerOf(library);
    resumed.child.kill('SIGKILL');
    await resumed.answer;
    expect(await settled(worker)).toBe(0);
    expect(await job()).toMatchObject({ status: 'interrupted', resumable: true });
  });

  test('by Ctrl-C goes on again with one unbroken loss curve', async () => {
    const resumed = start('jobs', 'resume', jobId);
    await resumed.until((log) => stepIn(log) > stoppedAt + 20);
    const worker = workerOf(library);
    resumed.child.kill('SIGINT');
    const { code, json } = await resumed.answer;
    expect([code, json.error.code]).toEqual([3, 'cancelled']);
    expect(await settled(worker)).toBe(0);
    const logged = steps();
    expect(logged.at(-1)).toBeGreaterThan(stoppedAt);
    const gaps = new Set(logged.slice(1).map((step, i) => step - logged[i]!));
    expect([...gaps]).toEqual([logged[0]]); // every logged step once, none left out
  });
});

describe('bad input gets a clear answer and leaves the library as it was', () => {
  const contents = () => readdirSync(join(library, 'projects')).toSorted();

  test.each([
    ['an empty file', () => (writeFileSync(join(work, 'empty.mp4'), ''), join(work, 'empty.mp4'))],
    [
      'text under the name of a video',
      () => (writeFileSync(join(work, 'text.mp4'), 'This is not a video.\n'.repeat(100)), join(work, 'text.mp4')),
    ],
    [
      'a playlist under the name of a video',
      () => (
        writeFileSync(
          join(work, 'list.mp4'),
          `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${video}\n#EXT-X-ENDLIST\n`,
        ),
        join(work, 'list.mp4')
      ),
    ],
    [
      'half of a video',
      () => (writeFileSync(join(work, 'half.mp4'), readFileSync(video).subarray(0, 30_000)), join(work, 'half.mp4')),
    ],
    ['sound without a picture', () => (copyFileSync(speech, join(work, 'sound.mp4')), join(work, 'sound.mp4'))],
  ])('%s', async (_, file) => {
    const before = contents();
    const { code, json } = await likeness('import', file(), '--consent', 'synthetic');
    expect([code, json.error.code]).toEqual([2, 'bad-video']);
    expect(json.error.hint.length).toBeGreaterThan(10);
    expect(contents()).toEqual(before);
  });

  test('a video without a face, and one of a second', async () => {
    const noFace = make(
      'no-face.mp4',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x240:rate=25:duration=2',
      '-pix_fmt',
      'yuv420p',
    );
    const second = make('second.mp4', '-i', video, '-t', '1', '-c', 'copy');
    for (const [name, file, expected] of [
      ['No face', noFace, 'no-face'],
      ['Second', second, 'too-short'],
    ] as const) {
      expect((await likeness('import', file, '--consent', 'synthetic', '--name', name)).code).toBe(0);
      const analysed = await likeness('analyze', name);
      const { code, json } =
        analysed.code === 0 ? await likeness('train', name, '--preset', 'demo', '--minutes', '1') : analysed;
      expect([name, code, json.error?.code]).toEqual([name, 2, expected]);
    }
  });

  test.each([
    ['silence', ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo', '-t', '1'], 'bad-audio'],
    ['8 kHz', ['-i', otherVoice, '-t', '1', '-ar', '8000'], undefined],
    ['96 kHz mono', ['-i', otherVoice, '-t', '1', '-ar', '96000', '-ac', '1'], undefined],
    ['5.1 sound', ['-i', otherVoice, '-t', '1', '-ac', '6'], undefined],
  ])('speech as %s', async (name, args, expected) => {
    const audio = make(`${name.replaceAll(/\W/g, '-')}.wav`, ...args);
    const { code, json } = await likeness('motion', 'Sample', '--audio', audio, '--out', join(work, 'bad.safetensors'));
    expect([code, json.error?.code]).toEqual([expected ? 2 : 0, expected]);
  });

  test('10-bit HEVC of an odd size is no bad input', async () => {
    const file = make(
      'ten-bit.mp4',
      '-i',
      video,
      '-t',
      '1',
      '-vf',
      'scale=321:241',
      '-c:v',
      'libx265',
      '-pix_fmt',
      'yuv444p10le',
      '-x265-params',
      'log-level=error',
      '-tag:v',
      'hvc1',
    );
    const { code, json } = await likeness('import', file, '--consent', 'synthetic');
    expect([code, json.source?.width, json.source?.height]).toEqual([0, 321, 241]);
  });

  test('a command line that cannot be read', async () => {
    for (const args of [
      ['trian'],
      ['train'],
      ['train', 'Sample', '--minutes', 'long'],
      ['export', 'Sample'],
      ['import', video],
    ]) {
      const { code, json } = await likeness(...args);
      expect(code).toBe(2);
      expect(json.error.message).toMatch(/\w/);
    }
  });
});
