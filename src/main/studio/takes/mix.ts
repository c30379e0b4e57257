import { isPlain, loudnessOf, mayBeTooLoud, softened } from '../../../shared/domain/loudness.ts';
import { type SoundClip, type Take, takeSeconds } from '../../../shared/domain/take.ts';
import { type MediaTools, OWN_WAVE, type Sound, soundBlocks, waveFormat, WaveWriter } from '../media/index.ts';

/** The WAV file of a sound by its id. Raises StudioError('not-found') for one that is gone. */
export type SoundLookup = (sound: string) => Promise<string>;

export interface MixRequest {
  /** Hz. */
  readonly rate: number;
  readonly channels: number;
  /** The stretch of the timeline that is wanted, seconds; from 0 to the end of the last sound by default. */
  readonly from?: number;
  readonly to?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Some clips in one sound, each as loud as it says. Silence between them. Raises what `readSound` and the lookup raise.
 */
export async function mixTake(
  tools: MediaTools,
  sounds: SoundLookup,
  take: Pick<Take, 'clips'>,
  request: MixRequest,
): Promise<Sound> {
  const { rate, channels } = request;
  const samples = new Float32Array(mixFrames(take, request) * channels);
  let at = 0;
  for await (const block of mixBlocks(tools, sounds, take, request)) {
    samples.set(block, at);
    at += block.length;
  }
  return { rate, channels, samples };
}

/**
 * As `mixTake`, into a WAV file, in bounded memory. Answers the largest sample, 0..1. Leaves nothing behind when it
 * fails.
 */
export async function writeMix(
  tools: MediaTools,
  sounds: SoundLookup,
  take: Pick<Take, 'clips'>,
  request: MixRequest,
  wave: string,
): Promise<{ readonly loudest: number; readonly seconds: number }> {
  const writer = await WaveWriter.create(wave, request);
  try {
    for await (const block of mixBlocks(tools, sounds, take, request)) await writer.write(block);
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function mixFrames(take: Pick<Take, 'clips'>, { rate, from = 0, to = takeSeconds(take) }: MixRequest): number {
  return Math.max(0, Math.round((to - from) * rate));
}

/** The mix second by second; a clip's decoder runs only while the clip sounds. */
async function* mixBlocks(
  tools: MediaTools,
  sounds: SoundLookup,
  take: Pick<Take, 'clips'>,
  request: MixRequest,
): AsyncGenerator<Float32Array, void, undefined> {
  const { rate, channels, from = 0, signal } = request;
  const total = mixFrames(take, request);
  const waiting = take.clips
    .map((clip) => placed(clip, from, rate))
    .filter(({ begin, end }) => begin < total && end > begin);
  const soften = mayBeTooLoud(take.clips);
  const playing: { readonly clip: Placed; readonly source: Puller }[] = [];
  try {
    for (let first = 0; first < total; first += rate) {
      const block = new Float32Array((Math.min(first + rate, total) - first) * channels);
      const last = first + block.length / channels;
      for (const clip of waiting.filter(({ begin }) => begin >= first && begin < last)) {
        const wave = await sounds(clip.sound);
        // ffmpeg would make one channel 3 dB quieter on its way to two.
        const own = Math.min(channels, (await waveFormat(wave)).channels);
        const blocks = soundBlocks(tools, wave, {
          rate,
          channels: own,
          part: { start: clip.start, seconds: (clip.end - clip.begin) / rate },
          track: OWN_WAVE,
          signal,
        });
        playing.push({ clip, source: new Puller(own === channels ? blocks : onEach(channels, blocks)) });
      }
      for (const { clip, source } of playing) {
        const [begin, end] = [Math.max(clip.begin, first), Math.min(clip.end, last)];
        if (end > begin)
          await source.addTo(
            block.subarray((begin - first) * channels, (end - first) * channels),
            clip.loudness && ((k) => clip.loudness!(from + (begin + Math.floor(k / channels)) / rate)),
          );
      }
      if (soften) for (let k = 0; k < block.length; k++) block[k] = softened(block[k]!);
      yield block;
    }
  } finally {
    for (const { source } of playing) await source.close();
  }
}

/** A clip in sample frames of the mix. */
interface Placed {
  readonly sound: string;
  readonly begin: number;
  readonly end: number;
  /** Where in the sound it begins, seconds. */
  readonly start: number;
  /** By what it is multiplied at a moment of the timeline; null: as it is. */
  readonly loudness: ((seconds: number) => number) | null;
}

function placed(clip: SoundClip, from: number, rate: number): Placed {
  const { sound, at, start, seconds } = clip;
  const loudness = loudnessOf(clip);
  const cut = Math.max(0, from - at); // what of it lies before the stretch
  return {
    sound,
    begin: Math.round((at + cut - from) * rate),
    end: Math.round((at + seconds - from) * rate),
    start: start + cut,
    loudness: isPlain(clip) ? null : (moment) => loudness(moment - at),
  };
}

/** One channel as several. */
async function* onEach(
  channels: number,
  blocks: AsyncIterable<Float32Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  for await (const block of blocks)
    yield Float32Array.from({ length: block.length * channels }, (_, k) => block[Math.floor(k / channels)]!);
}

/** Gives a stream's samples in the amounts that are asked for; after its end there are none. */
class Puller {
  readonly #blocks: AsyncIterator<Float32Array>;
  #rest = new Float32Array(0) as Float32Array;

  constructor(blocks: AsyncGenerator<Float32Array>) {
    this.#blocks = blocks;
  }

  /** `factor`: of each sample of the block. */
  async addTo(block: Float32Array, factor: ((k: number) => number) | null): Promise<void> {
    for (let at = 0; at < block.length;) {
      if (this.#rest.length === 0) {
        const { value, done } = await this.#blocks.next();
        if (done) return;
        this.#rest = value;
      }
      const count = Math.min(this.#rest.length, block.length - at);
      if (factor) for (let k = 0; k < count; k++) block[at + k]! += this.#rest[k]! * factor(at + k);
      else for (let k = 0; k < count; k++) block[at + k]! += this.#rest[k]!;
      this.#rest = this.#rest.subarray(count);
      at += count;
    }
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}
