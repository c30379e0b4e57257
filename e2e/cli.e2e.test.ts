import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSafetensors } from '../src/shared/binary/index.ts';
import {
  AnalysisReport,
  DoctorResult,
  DriveResult,
  EvaluateResult,
  ExportResult,
  ImportResult,
  TrainResult,
} from '../src/shared/contract/index.ts';
import type { LaneRanges } from '../src/shared/domain/lanes/index.ts';
import type { Take } from '../src/shared/domain/take.ts';
import { BenchResult } from '../src/bench/index.ts';
import { likenessOn, mediaTools } from './likeness.ts';
import { mediaMaker } from './media-maker.ts';
import { oneStory } from './one-story.ts';
import { SECONDS, shortSample } from './short-sample.ts';

// One library, one story: each test goes on where the one before it ended.
const work = mkdtempSync(join(tmpdir(), 'likeness-e2e-'));
const library = join(work, 'library');
mkdirSync(library);
const { likeness } = likenessOn(library);
let video = '';
const otherVoice = join(import.meta.dirname, '..', 'resources', 'sample', 'other-voice.wav');
const speech = join(work, 'speech.wav');
let ffprobe = '';
let goodFrames = 0; // as the analysis counts them

/** Every number in a result. */
function* figures(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) yield* figures(inner);
}

oneStory();

beforeAll(async () => {
  video = await shortSample();
  const tools = await mediaTools(library);
  ({ ffprobe } = tools);
  mediaMaker(work, tools.ffmpeg)('speech.wav', '-i', otherVoice, '-t', '1.9');
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

  test('an instant avatar is made of its own frames, and measured', async () => {
    const { code, json } = await likeness('train', 'Sample', '--preset', 'instant');
    expect(code, JSON.stringify(json)).toBe(0);
    expect(existsSync(TrainResult.parse(json).avatar)).toBe(true);
    const measured = EvaluateResult.parse((await likeness('evaluate', 'Sample')).json);
    expect([measured.draws, measured.std, measured.fast]).toEqual(['closed', undefined, undefined]);
    expect(measured.psnr.face).toBeGreaterThan(measured.baselines.nearest.psnr.face);
  });

  test('another video of a face drives it, whose consent is asked for', async () => {
    const refused = await likeness('drive', 'Sample', '--video', video);
    expect([refused.code, refused.json.error.code]).toEqual([2, 'consent-required']);
    const { code, json, log } = await likeness('drive', 'Sample', '--video', video, '--consent', 'synthetic');
    expect(code, JSON.stringify(json)).toBe(0);
    const driven = DriveResult.parse(json);
    expect(driven.take.name).toMatch(/^Driven by /);
    expect(driven.lanes).toEqual(expect.arrayContaining(['head.yaw', 'head.pitch', 'head.roll', 'face.jaw']));
    expect(driven.coarser).toBe(1);
    expect(driven.sound).not.toBeNull();
    expect(log).toMatch(/\d+ %/);
    expect(readdirSync(library, { recursive: true }).filter((path) => String(path).includes('driving'))).toEqual([]);
    const { take } = (await likeness('take', 'show', 'Sample')).json as { take: Take };
    const yaws = take.lanes['head.yaw']!.keys.map(({ value }) => value);
    const { ranges } = (await likeness('take', 'ranges', 'Sample')).json as { ranges: LaneRanges };
    expect(Math.min(...yaws)).toBeGreaterThanOrEqual(ranges['head.yaw']!.from);
    expect(Math.max(...yaws)).toBeLessThanOrEqual(ranges['head.yaw']!.to);
    expect((await likeness('take', 'remove', 'Sample', driven.take.name)).code).toBe(0); // others are made of the first
  });

  test('a short training makes an avatar', async () => {
    const { code, json } = await likeness('train', 'Sample', '--preset', 'draft', '--minutes', '0.5', '--seed', '1');
    expect(code, JSON.stringify(json)).toBe(0);
    const { avatar, seconds } = TrainResult.parse(json);
    expect(existsSync(avatar)).toBe(true);
    expect(seconds).toBeGreaterThan(1);
  });

  test('it is measured on the frames it never saw', async () => {
    const { code, json } = await likeness('evaluate', 'Sample', '--report', join(work, 'report'));
    expect(code, JSON.stringify(json)).toBe(0);
    const { frames, psnr, baselines, draws, std, closed, report } = EvaluateResult.parse(json);
    expect(report).toEqual({
      html: join(work, 'report', 'report.html'),
      film: join(work, 'report', 'film.mp4'),
      figures: join(work, 'report', 'report.json'),
    });
    expect(readFileSync(report!.html, 'utf8')).toContain('mean of 8 warps');
    expect(statSync(report!.film).size).toBeGreaterThan(1000);
    expect(frames).toBe(Math.floor(goodFrames / 11)); // the last eleventh of the good ones
    // so short a training shows this face; a wrong crop or pose would not reach it
    expect(std!.psnr!.face).toBeGreaterThan(15);
    expect(psnr).toEqual((draws === 'closed' ? closed : std)!.psnr);
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
    const { code, json, log } = await likeness('bench', 'Sample', '--seconds', '0.5');
    expect(code, JSON.stringify(json)).toBe(0);
    const { graphs, chosen, live, speech, window } = BenchResult.parse(json);
    expect(graphs.map(({ model }) => model)).toEqual(['std', 'fast', 'closed']);
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
