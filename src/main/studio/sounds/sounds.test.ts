import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, scratchFolder, tools } from '../media/clips.fixture.ts';
import { readSound, toWave } from '../media/index.ts';
import { soundShape } from './shape.ts';
import { addSound, listSounds, removeSound, sourceSound, wavePath } from './sounds.ts';

const scratch = await scratchFolder();
const at = (name: string): string => join(scratch, name);
const folder = at('sounds');
beforeEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rm(scratch, { recursive: true }));

/** A tone in each channel, as any kind of file. */
async function tone(name: string, rate: number, channels: readonly string[], ...codec: string[]): Promise<string> {
  const layout = channels.length === 6 ? '5.1' : channels.length === 2 ? 'stereo' : 'mono';
  await ffmpeg('-f', 'lavfi', '-i', `aevalsrc=${channels.join('|')}:s=${rate}:c=${layout}:d=1.5`, ...codec, at(name));
  return at(name);
}
const LEFT = '0.5*sin(2*PI*440*t)';
const RIGHT = '0.25*sin(2*PI*660*t)';

/** Rate, channels, bits, and length of the data, as the header says. */
function header(file: string): number[] {
  const bytes = readFileSync(file);
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16) + bytes.toString('latin1', 36, 40)).toBe(
    'RIFFWAVEfmt data',
  );
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  return [bytes.readUInt32LE(24), bytes.readUInt16LE(22), bytes.readUInt16LE(34), bytes.length - 44];
}

describe('a sound', () => {
  it.each([
    ['16 kHz mono', 16_000, [LEFT], [16_000, 1]],
    ['44.1 kHz stereo', 44_100, [LEFT, RIGHT], [44_100, 2]],
    ['96 kHz stereo', 96_000, [LEFT, RIGHT], [48_000, 2]],
    ['48 kHz 5.1', 48_000, [LEFT, RIGHT, LEFT, '0', RIGHT, RIGHT], [48_000, 2]],
  ] as const)(
    'of %s is kept as 16-bit WAV with its own rate and channels, as far as that goes',
    async (_, rate, channels, expected) => {
      const { id, seconds, name } = await addSound(tools, folder, await tone('in.wav', rate, channels), 'A tone');
      expect([name, seconds]).toEqual(['A tone', expect.closeTo(1.5, 2)]);
      expect(header(wavePath(folder, id))).toEqual([...expected, 16, Math.round(1.5 * expected[0]) * expected[1] * 2]);
      const heard = await readSound(tools, wavePath(folder, id), { rate: 48_000 });
      expect(heard.samples.some((sample) => Math.abs(sample) > 0.2)).toBe(true);
    },
  );

  it('keeps every sample of a file that already fits, and is named by them', async () => {
    await tone('plain.wav', 44_100, [LEFT, RIGHT], '-c:a', 'pcm_s16le', '-bitexact');
    const { id } = await addSound(tools, folder, at('plain.wav'), 'Plain');
    const samples = readFileSync(wavePath(folder, id)).subarray(44);
    expect(samples.equals(readFileSync(at('plain.wav')).subarray(44))).toBe(true);
    expect(id).toBe(createHash('sha256').update(samples).digest('hex').slice(0, 16));
  });

  it('is there once, whatever the file around it, and the list has the order they came in', async () => {
    const first = await addSound(tools, folder, await tone('a.wav', 16_000, [LEFT]), 'First');
    await ffmpeg('-i', at('a.wav'), '-c:a', 'flac', at('a.flac'));
    const second = await addSound(tools, folder, await tone('b.wav', 16_000, [RIGHT]), 'Second');
    expect(await addSound(tools, folder, at('a.flac'), 'Again')).toEqual(first);
    expect(listSounds(folder)).toEqual([first, second]);
    await removeSound(folder, first.id);
    expect(listSounds(folder)).toEqual([second]);
    expect(readdirSync(folder).sort()).toEqual([`${second.id}.json`, `${second.id}.wav`]);
  });

  it('whose file was deleted is no longer listed, and can be added again', async () => {
    const sound = await addSound(tools, folder, await tone('c.wav', 16_000, [LEFT]), 'Tone');
    rmSync(wavePath(folder, sound.id));
    expect(listSounds(folder)).toEqual([]);
    await expect(soundShape(wavePath(folder, sound.id))).rejects.toMatchObject({ code: 'not-found' });
    expect(await addSound(tools, folder, at('c.wav'), 'Tone')).toEqual(sound);
  });

  it('that is silent, damaged, or none at all is refused and leaves nothing behind', async () => {
    await tone('silent.wav', 16_000, ['0']);
    await numberedClip(at('mute.mp4'), { seconds: 1 });
    writeFileSync(at('text.mp3'), 'no sound');
    for (const [name, code] of [
      ['silent.wav', 'bad-audio'],
      ['text.mp3', 'bad-audio'],
      ['mute.mp4', 'no-audio'],
      ['none.wav', 'not-found'],
    ] as const) {
      await expect(addSound(tools, folder, at(name), 'x')).rejects.toMatchObject({ code });
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the sound of the video', () => {
  it('is decoded when it is asked for, once, and kept even when it is silent', async () => {
    await numberedClip(at('clip.mp4'), { seconds: 1, sound: true });
    const paths = await Promise.all([
      sourceSound(tools, folder, at('clip.mp4')),
      sourceSound(tools, folder, at('clip.mp4')),
    ]);
    expect(new Set(paths)).toEqual(new Set([wavePath(folder, 'source')]));
    expect(header(paths[0]!).slice(0, 3)).toEqual([48_000, 1, 16]);
    expect(readdirSync(folder)).toEqual(['source.wav']);
    await ffmpeg('-i', at('clip.mp4'), '-af', 'volume=0', '-c:v', 'copy', at('quiet.mp4'));
    rmSync(folder, { recursive: true });
    expect(existsSync(await sourceSound(tools, folder, at('quiet.mp4')))).toBe(true);
  });
});

describe('what went wrong before', () => {
  it('is mended: a damaged sound of the video is decoded again, half-made files of yesterday go', async () => {
    await numberedClip(at('again.mp4'), { seconds: 1, sound: true });
    const path = await sourceSound(tools, folder, at('again.mp4'));
    const whole = readFileSync(path);
    truncateSync(path, 5000);
    for (const [name, age] of [
      ['.old.partial', 2 * 86_400],
      ['.young.partial', 60],
    ] as const) {
      writeFileSync(join(folder, name), 'half');
      utimesSync(join(folder, name), Date.now() / 1000 - age, Date.now() / 1000 - age);
    }
    await sourceSound(tools, folder, at('again.mp4'));
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['.young.partial', 'source.wav']);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk leaves nothing behind', async () => {
    mkdirSync(folder, { recursive: true });
    const full = join(folder, 'full.partial');
    symlinkSync('/dev/full', full); // writes end as on a full disk
    await expect(
      toWave(tools, await tone('full.wav', 16_000, [LEFT]), full, { silence: 'kept' }),
    ).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the shape of a sound', () => {
  it('is the lowest and highest sample of every hundredth second, over both channels', async () => {
    // Left: silence, then a step to 0.5 at 0.25 s. Right: -1 in the 41st hundredth only.
    await tone('steps.wav', 22_050, ['0.5*gte(t\\,0.25)', '-1*gte(t\\,0.405)*lt(t\\,0.406)'], '-c:a', 'pcm_s16le');
    const { id } = await addSound(tools, folder, at('steps.wav'), 'Steps');
    const { seconds, rate, low, high } = await soundShape(wavePath(folder, id));
    expect([seconds, rate, low.length, high.length]).toEqual([1.5, 100, 150, 150]);
    expect(high.slice(24, 27)).toEqual([0, 64, 64]);
    expect(low.slice(39, 42)).toEqual([0, -127, 0]);
  });

  it('is kept on the disk, and worked out again when that is damaged', async () => {
    const { id } = await addSound(tools, folder, await tone('d.wav', 8000, [LEFT]), 'Tone');
    const first = await soundShape(wavePath(folder, id));
    const kept = join(folder, `${id}.shape.json`);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual(first);
    writeFileSync(kept, '{"seconds":');
    expect(await soundShape(wavePath(folder, id))).toEqual(first);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual(first);
    expect(Math.max(...first.high)).toBeCloseTo(64, -1);
  });
});
