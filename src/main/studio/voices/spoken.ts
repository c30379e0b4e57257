import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpeechTimes } from '../../../shared/domain/script/index.ts';
import { entriesIn } from '../ground/entries.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError, partialBeside, settle } from '../ground/settle.ts';
import { WAVE_HEADER_BYTES, waveFormat, WaveWriter } from '../media/index.ts';
import type { SpokenSentence } from './speaker.ts';

/** Bytes; three hours of speech. */
const MOST_BYTES = 512 * 2 ** 20;

/** Whatever makes a sentence sound as it does. */
export interface Saying {
  /** SHA-256 of the voice. */
  readonly voice: string;
  readonly speed: number;
  readonly sentence: string;
}
/** A sentence as it is kept: mono, 16 bits. */
export interface KeptSentence {
  readonly pcm: Int16Array;
  readonly times: SpeechTimes;
}

/** Sentences that were spoken, known by their content, whichever project they were for. */
export class SpokenSentences {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined for one that was not spoken, or is damaged. */
  async find(saying: Saying): Promise<KeptSentence | undefined> {
    const { wave, times } = this.#paths(saying);
    try {
      const { bytes } = await waveFormat(wave);
      const file = await readFile(wave);
      const known = SpeechTimes.parse(JSON.parse(await readFile(times, 'utf8')));
      const now = new Date();
      await utimes(wave, now, now); // what is used is kept longest
      return {
        pcm: new Int16Array(Uint8Array.from(file.subarray(WAVE_HEADER_BYTES)).buffer, 0, bytes / 2),
        times: known,
      };
    } catch {
      return undefined;
    }
  }

  /** Raises StudioError('disk-full'). */
  async keep(saying: Saying, { samples, ...times }: SpokenSentence, rate: number): Promise<KeptSentence> {
    const paths = this.#paths(saying);
    makeFolder(this.#folder);
    const partial = partialBeside(paths.wave);
    const known = SpeechTimes.parse(times);
    try {
      await writeFile(paths.times, JSON.stringify(known));
      const writer = await WaveWriter.create(partial, { rate, channels: 1 });
      await writer.write(samples);
      await writer.finish();
      await settle(partial, paths.wave);
    } catch (error) {
      await rm(partial, { force: true });
      throw asFileError(error);
    }
    const kept = await this.find(saying);
    if (!kept) throw new RangeError('A sentence that was just spoken cannot be read.');
    return kept;
  }

  /** Lets go of what was not used for longest, beyond what there is room for. */
  async trim(most = MOST_BYTES): Promise<void> {
    if (!existsSync(this.#folder)) return;
    const files = entriesIn(this.#folder, (name) => name.endsWith('.wav'));
    let bytes = files.reduce((sum, { stats }) => sum + stats.size, 0);
    for (const { name, stats } of files.toSorted((a, b) => a.stats.mtimeMs - b.stats.mtimeMs)) {
      if (bytes <= most) break;
      bytes -= stats.size;
      for (const path of [name, name.replace(/wav$/, 'json')]) await rm(join(this.#folder, path), { force: true });
    }
  }

  #paths(saying: Saying): { readonly wave: string; readonly times: string } {
    const { voice, speed, sentence } = saying;
    const key = createHash('sha256')
      .update(JSON.stringify([1, voice, speed, sentence]))
      .digest('hex')
      .slice(0, 32);
    return { wave: join(this.#folder, `${key}.wav`), times: join(this.#folder, `${key}.json`) };
  }
}
