import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { floats, ints, model, node, port } from '../engine/onnx.fixture.ts';
import { DURATIONS } from './voice-file.ts';

/** Hz, and samples of a frame, as Piper's voices have them. */
export const RATE = 22_050;
export const HOP = 256;

/** What English is read into, a number for each. */
const SYMBOLS = "_^$ !',-.:;?abdefhijklmnoprstuvwxzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθᵻʲʔ\u0329";

export const CONFIG = {
  audio: { sample_rate: RATE },
  espeak: { voice: 'en-us' },
  phoneme_type: 'espeak',
  inference: { noise_scale: 0.667, length_scale: 1, noise_w: 0.8 },
  num_speakers: 1,
  phoneme_id_map: Object.fromEntries(Array.from(SYMBOLS, (symbol, id) => [symbol, [id]])),
};

/**
 * A voice in Piper's format that hums: a symbol lasts 2 frames and a twentieth of its number, times the length scale,
 * rounded up.
 */
export const HUMMING = humming();

/** That voice, or one that is wrong: frames of every symbol, more for each of its number, and how loud it is. */
export function humming({ least = 2, more = 0.05, loud = 0.3 } = {}): Uint8Array {
  return model({
    inputs: [port('input', [1, 'phonemes'], 'int64'), port('input_lengths', [1], 'int64'), port('scales', [3])],
    outputs: [port('output', [1, 1, 1, 'samples'])],
    constants: {
      second: ints([], [1]),
      twentieth: floats([1], [more]),
      least: floats([1], [least]),
      whole: ints([3], [1, 1, -1]),
      sound: ints([4], [1, 1, 1, -1]),
      none: floats([], [0]),
      one: floats([], [1]),
      hop: floats([], [HOP]),
      pitch: floats([1], [(2 * Math.PI * 140) / RATE]),
      loud: floats([1], [loud]),
    },
    nodes: [
      node('Cast', ['input'], ['ids'], { to: 1 }),
      node('Mul', ['ids', 'twentieth'], ['more']),
      node('Add', ['more', 'least'], ['usual']),
      node('Gather', ['scales', 'second'], ['scale']),
      node('Mul', ['usual', 'scale'], ['lasting']),
      node('Reshape', ['lasting', 'whole'], ['rows']),
      node('Ceil', ['rows'], [DURATIONS]),
      node('ReduceSum', [DURATIONS], ['frames'], { keepdims: 0 }),
      node('Mul', ['frames', 'hop'], ['samples']),
      node('Range', ['none', 'samples', 'one'], ['places']),
      node('Mul', ['places', 'pitch'], ['angles']),
      node('Sin', ['angles'], ['wave']),
      node('Mul', ['wave', 'loud'], ['quiet']),
      node('Reshape', ['quiet', 'sound'], ['output']),
    ],
  });
}

/** Writes it, its configuration beside it. */
export function writeVoice(path: string, config: unknown = CONFIG, voice = HUMMING): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, voice);
  writeFileSync(`${path}.json`, JSON.stringify(config));
  return path;
}
