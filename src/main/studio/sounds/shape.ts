import { open, writeFile } from 'node:fs/promises';
import { SoundShape } from '../../../shared/contract/studio.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import { WAVE_HEADER_BYTES, waveFormat } from '../media/index.ts';
import { asFileError, settle } from '../ground/settle.ts';

/** Per second: at the closest zoom of the timeline there is about one of them to each screen pixel. */
const RATE = 100;

/**
 * What a timeline draws of a WAV file; kept beside it once it was worked out. Raises StudioError('not-found' |
 * 'bad-audio').
 */
export async function soundShape(wave: string): Promise<SoundShape> {
  const kept = wave.replace(/\.wav$/, '.shape.json');
  const known = readKept(kept);
  if (known) return known;
  const shape = await measure(wave);
  const partial = `${kept}.${process.pid}.partial`;
  try {
    await writeFile(partial, JSON.stringify(shape));
    await settle(partial, kept);
  } catch (error) {
    throw asFileError(error);
  }
  return shape;
}

function readKept(path: string): SoundShape | undefined {
  try {
    return SoundShape.parse(JSON.parse(readPlainFile(path).toString()));
  } catch {
    return undefined; // not worked out yet, or damaged
  }
}

async function measure(wave: string): Promise<SoundShape> {
  const { rate, channels, bytes } = await waveFormat(wave);
  const file = await open(wave);
  try {
    const frames = Math.floor(bytes / 2 / channels);
    const [low, high]: [number[], number[]] = [[], []];
    const second = Buffer.alloc(rate * channels * 2);
    for (let done = 0; done < frames;) {
      const { bytesRead } = await file.read(second, 0, second.length, WAVE_HEADER_BYTES + done * channels * 2);
      const samples = new Int16Array(second.buffer, second.byteOffset, Math.floor(bytesRead / 2));
      const got = Math.floor(samples.length / channels);
      if (got === 0) break;
      for (let part = 0; part < RATE; part++) {
        const [from, to] = [Math.floor((part * rate) / RATE), Math.min(got, Math.floor(((part + 1) * rate) / RATE))];
        if (from >= to) break;
        let [least, most] = [32767, -32768];
        for (let k = from * channels; k < to * channels; k++) {
          least = Math.min(least, samples[k]!);
          most = Math.max(most, samples[k]!);
        }
        low.push(in127ths(least));
        high.push(in127ths(most));
      }
      done += got;
    }
    return { seconds: frames / rate, rate: RATE, low, high };
  } finally {
    await file.close();
  }
}

function in127ths(sample: number): number {
  return Math.min(127, Math.max(-127, Math.round((sample / 32767) * 127)));
}
