/** WAV files as this program writes them: RIFF, PCM, 16 bits, one header of 44 bytes and then the samples. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { asFileError } from '../ground/settle.ts';

export const WAVE_HEADER_BYTES = 44;
/** The length fields of the format have 32 bits. */
const MAX_SAMPLE_BYTES = 2 ** 32 - 1 - WAVE_HEADER_BYTES;

export interface WaveFormat {
  readonly rate: number;
  readonly channels: number;
}

export interface WaveFile extends WaveFormat {
  readonly seconds: number;
  /** Of the samples as they lie in the file. */
  readonly sha256: string;
  /** The largest sample, 0..1. */
  readonly loudest: number;
}

/** Takes samples, makes a WAV file under a temporary name. Raises StudioError('disk-full' | 'bad-audio'). */
export class WaveWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #format: WaveFormat;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #loudest = 0;

  private constructor(path: string, file: FileHandle, format: WaveFormat) {
    this.#path = path;
    this.#file = file;
    this.#format = format;
  }

  static async create(path: string, format: WaveFormat): Promise<WaveWriter> {
    const file = await open(path, 'w').catch((error: unknown) => Promise.reject(asFileError(error)));
    const writer = new WaveWriter(path, file, format);
    try {
      await writer.#append(new Uint8Array(WAVE_HEADER_BYTES)); // its lengths are known at the end
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return writer;
  }

  /** Interleaved, -1..1; what is outside is cut off. */
  async write(samples: Float32Array): Promise<void> {
    await this.writePcm(Int16Array.from(samples, (sample) => Math.round(Math.min(Math.max(sample, -1), 1) * 32767)));
  }

  /** Interleaved, 16 bits. */
  async writePcm(samples: Int16Array): Promise<void> {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_SAMPLE_BYTES)
      throw new StudioError({
        code: 'bad-audio',
        message: 'This sound is too long.',
        hint: 'Use one of less than six hours.',
      });
    for (const sample of samples) this.#loudest = Math.max(this.#loudest, Math.abs(sample));
    this.#hash.update(bytes);
    await this.#append(bytes);
  }

  /** All of it: a plain write may stop in the middle on a disk that is nearly full. */
  async #append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
    } catch (error) {
      throw asFileError(error);
    }
  }

  /** Completes the file; it keeps its temporary name until `settle`. */
  async finish(): Promise<WaveFile> {
    const { rate, channels } = this.#format;
    await this.#file.write(waveHeader(this.#format, this.#bytes), 0, WAVE_HEADER_BYTES, 0);
    await this.#file.close();
    return {
      rate,
      channels,
      seconds: this.#bytes / 2 / channels / rate,
      sha256: this.#hash.digest('hex'),
      loudest: this.#loudest / 32768,
    };
  }

  /** Leaves nothing behind. */
  async abort(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#path, { force: true });
  }
}

function waveHeader({ rate, channels }: WaveFormat, bytes: number): Uint8Array {
  const header = Buffer.alloc(WAVE_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAVE_HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}

/**
 * Of a WAV file that this program wrote; `bytes` of samples follow its header. Raises StudioError('not-found' |
 * 'bad-audio').
 */
export async function waveFormat(path: string): Promise<WaveFormat & { readonly bytes: number }> {
  const file = await open(path).catch(() => undefined);
  if (!file)
    throw new StudioError({ code: 'not-found', message: 'This sound is no longer there.', hint: 'Add it again.' });
  try {
    const header = Buffer.alloc(WAVE_HEADER_BYTES);
    await file.read(header, 0, WAVE_HEADER_BYTES, 0);
    const format = readWaveHeader(header);
    if (format && (await file.stat()).size >= WAVE_HEADER_BYTES + format.bytes) return format;
    throw new StudioError({
      code: 'bad-audio',
      message: 'This sound is damaged.',
      hint: 'Remove it and add it again.',
    });
  } finally {
    await file.close();
  }
}

/** What a WAV header of this kind says; undefined for any other bytes. */
export function readWaveHeader(header: Buffer): (WaveFormat & { readonly bytes: number }) | undefined {
  const word = (at: number, text: string) => header.toString('latin1', at, at + text.length) === text;
  if (header.length < WAVE_HEADER_BYTES || !word(0, 'RIFF') || !word(8, 'WAVEfmt ') || !word(36, 'data'))
    return undefined;
  if (header.readUInt32LE(16) !== 16 || header.readUInt16LE(34) !== 16) return undefined;
  const [channels, rate] = [header.readUInt16LE(22), header.readUInt32LE(24)];
  return channels > 0 && rate > 0 ? { channels, rate, bytes: header.readUInt32LE(40) } : undefined;
}
