import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, likenessOn, mediaTools } from './likeness.ts';
import { mediaMaker } from './media-maker.ts';
import { shortSample } from './short-sample.ts';
import { trainedSample } from './trained-sample.ts';

const work = mkdtempSync(join(tmpdir(), 'likeness-refusals-'));
const otherVoice = join(import.meta.dirname, '..', 'resources', 'sample', 'other-voice.wav');
let library = '';
let video = '';
let speech = '';
let make: ReturnType<typeof mediaMaker>;
const likeness = (...args: string[]): Promise<Answer> => likenessOn(library).likeness(...args);

beforeAll(async () => {
  video = await shortSample();
  ({ library } = await trainedSample());
  make = mediaMaker(work, (await mediaTools(library)).ffmpeg);
  speech = make('speech.wav', '-i', otherVoice, '-t', '1.9');
});
afterAll(() => {
  for (const folder of [work, library]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
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
      const { code, json } = analysed.code === 0 ? await likeness('train', name, '--preset', 'instant') : analysed;
      expect([name, code, json.error?.code]).toEqual([name, 2, expected]);
    }
  });

  test.each([
    ['silence', ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo', '-t', '1'], 'bad-audio'],
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
      ['train', 'Sample', '--preset', 'instant', '--minutes', '5'],
      ['export', 'Sample'],
      ['import', video],
    ]) {
      const { code, json } = await likeness(...args);
      expect(code).toBe(2);
      expect(json.error.message).toMatch(/\w/);
    }
  });
});
