import { silent } from './audio.ts';
import { SILENCE, soundBytes, type SoundTrack } from './sound-bytes.ts';
import { soundTrack } from './sound-track.ts';
import type { MediaTools } from './tools.ts';
import { readWaveHeader, WAVE_HEADER_BYTES, type WaveFile, WaveWriter } from './wave-file.ts';

/** The nearest of these is taken, so that most sounds keep their rate. */
const RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];

/**
 * Decodes a sound of any file, the chosen one by default, into a WAV file: 16 bits, at most 48 kHz, one channel or two
 * that are in phase.
 * Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'disk-full' | 'cancelled'), and leaves nothing behind
 * then.
 */
export async function toWave(
  tools: MediaTools,
  path: string,
  wave: string,
  {
    track,
    silence,
    signal,
  }: {
    readonly track?: SoundTrack;
    readonly silence: 'kept' | 'refused';
    readonly signal?: AbortSignal;
  },
): Promise<WaveFile> {
  const shape = `aformat=sample_fmts=s16:sample_rates=${RATES.join('|')}:channel_layouts=mono|stereo`;
  const stream = soundBytes(tools, path, {
    track: track ?? (await soundTrack(tools, path, signal)),
    filters: [shape],
    options: ['-c:a', 'pcm_s16le', '-map_metadata', '-1', '-fflags', '+bitexact', '-f', 'wav'],
    signal,
  });
  let writer: WaveWriter | undefined;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      rest = Buffer.concat([rest, chunk]);
      if (!writer) {
        if (rest.length < WAVE_HEADER_BYTES) continue;
        const format = readWaveHeader(rest);
        if (!format) throw new RangeError('ffmpeg wrote another kind of WAV header.');
        writer = await WaveWriter.create(wave, format);
        rest = rest.subarray(WAVE_HEADER_BYTES);
      }
      const whole = rest.length - (rest.length % 4); // a sample frame is 2 or 4 bytes
      await writer.writePcm(new Int16Array(Uint8Array.from(rest.subarray(0, whole)).buffer));
      rest = rest.subarray(whole);
    }
    if (writer && rest.length >= 2) await writer.writePcm(new Int16Array(Uint8Array.from(rest.subarray(0, 2)).buffer));
    const file = await writer?.finish();
    if (!file || file.seconds === 0 || (silence === 'refused' && file.loudest < SILENCE)) throw silent();
    return file;
  } catch (error) {
    await writer?.abort();
    throw error;
  }
}
