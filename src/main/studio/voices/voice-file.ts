import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import { forbiddenIn } from '../engine/index.ts';

/** What lies beside a Piper voice, as far as it is used. */
export const VoiceConfig = z.object({
  audio: z.object({ sample_rate: z.int().min(8000).max(48_000) }), // Hz
  espeak: z.object({ voice: z.string().min(1).max(60) }), // the language, as espeak calls it
  phoneme_type: z.literal('espeak').default('espeak'),
  inference: z.object({ noise_scale: z.number(), length_scale: z.number().positive(), noise_w: z.number() }),
  num_speakers: z.int().min(1).default(1),
  phoneme_id_map: z.record(z.string(), z.array(z.int().min(0)).min(1)),
});
export type VoiceConfig = z.infer<typeof VoiceConfig>;

/** Frames of each phoneme, rounded up: inside every Piper voice, but none of its outputs. */
export const DURATIONS = '/Ceil_output_0';
const INPUTS = ['input', 'input_lengths', 'scales'];
/** The largest Piper voices have 115 MB. */
export const LARGEST_VOICE = 300e6; // bytes

/** Raises StudioError('bad-request') for what is no configuration of a voice. */
export async function readVoiceConfig(path: string): Promise<VoiceConfig> {
  try {
    const config = VoiceConfig.parse(JSON.parse(await readFile(path, 'utf8')));
    if (['^', '$', '_'].every((symbol) => Object.hasOwn(config.phoneme_id_map, symbol))) return config;
  } catch (cause) {
    throw noVoice(cause instanceof Error ? cause.message : String(cause));
  }
  throw noVoice('Its phonemes have no beginning, end or filler.');
}

/** Opens a voice to be spoken with. Raises StudioError('bad-request') for one that cannot be. */
export async function openVoice(path: string, threads: number): Promise<InferenceSession> {
  const { InferenceSession: Sessions } = await import('onnxruntime-node');
  const model = await readFile(path);
  try {
    const forbidden = forbiddenIn(model);
    if (forbidden !== undefined) throw new RangeError(`It has ${forbidden}.`);
    const session = await Sessions.create(withDurations(model), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      executionProviders: ['cpu'],
      enableMemPattern: false, // sentences have many lengths
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    });
    if (INPUTS.every((name) => session.inputNames.includes(name)) && session.outputNames[0] !== DURATIONS)
      return session;
    await session.release();
    throw new RangeError(`It has ${[...session.inputNames, ...session.outputNames].join(', ')}.`);
  } catch (cause) {
    throw noVoice(cause instanceof Error ? cause.message : String(cause));
  }
}

/**
 * The model with the durations as one more output: a message that is written twice is both parts together
 * (https://protobuf.dev/programming-guides/encoding/#last-one-wins), so a second graph with nothing but that output is
 * put behind.
 */
export function withDurations(model: Uint8Array): Uint8Array {
  const field = (id: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Uint8Array.of(id * 8 + 2, bytes.length), bytes]); // all are shorter than 128 bytes
  const floats = field(2, field(1, Uint8Array.of(8, 1))); // onnx.proto: TypeProto.tensor_type.elem_type = FLOAT
  const output = Buffer.concat([field(1, Buffer.from(DURATIONS)), floats]);
  return Buffer.concat([model, field(7, field(12, output))]);
}

export function noVoice(detail: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'This is no voice that can be used here.',
    hint: 'A voice is a Piper voice: NAME.onnx with NAME.onnx.json beside it.',
    detail,
  });
}
