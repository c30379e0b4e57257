import { Tensor } from 'onnxruntime-node';
import { refuseNonsense } from './nonsense.ts';
import { SeededRandom } from '../numbers/random.ts';
import type { Network } from '../providers/index.ts';

/** Optional in a bundle: only an avatar whose sound was its person's knows how else they might say it. */
export const VARIATION_FILE = 'variation.onnx';
/** Numbers in a latent, and how many rows it lasts. A piece of sound must begin with one. */
export const LATENTS = 16;
export const LATENT_ROWS = 16;
export const LATENT_SECONDS = LATENT_ROWS / 100;
/** What `motion.onnx` is given: opening, width and expression. */
const TARGETS = 66;

/** Which of the mouths that would go with a sound. */
export interface Variation {
  /**
   * 0: the likely one, to 1: lively; the deviation of the noise. One for each latent from the sound's beginning on, the
   * last for all behind it, or the same all through.
   */
  readonly temperature: number | readonly number[];
  /** The same for the same mouth. */
  readonly seed: number;
}

export function isLively({ temperature }: Variation): boolean {
  return typeof temperature === 'number' ? temperature > 0 : temperature.some((value) => value > 0);
}

/** Noise [16,count] from a latent on. A latent has the same numbers in whichever piece it is heard. */
export function latentNoise({ temperature, seed }: Variation, first: number, count: number): Float32Array {
  const noise = new Float32Array(LATENTS * count);
  for (let latent = 0; latent < count; latent++) {
    const random = new SeededRandom(seed ^ Math.imul(first + latent + 1, 0x9e37_79b1));
    const deviation =
      typeof temperature === 'number' ? temperature : temperature[Math.min(first + latent, temperature.length - 1)]!;
    for (let k = 0; k < LATENTS; k++) noise[k * count + latent] = deviation * random.normal();
  }
  return noise;
}

/** What the noise makes of the mouth's targets in a piece of sound whose features begin with row `begin`: [1,T,66]. */
export async function shiftOf(
  session: Network,
  features: Tensor,
  variation: Variation,
  begin: number,
): Promise<Tensor> {
  const rows = features.dims[1]!;
  const latents = Math.ceil(rows / LATENT_ROWS);
  const noise = new Tensor('float32', latentNoise(variation, begin / LATENT_ROWS, latents), [1, LATENTS, latents]);
  const { shift } = await session.run({ features, noise }, ['shift']);
  if (shift!.dims.join() !== `1,${rows},${TARGETS}`)
    throw new Error(`shift [${shift!.dims.join(', ')}] for ${rows} rows`);
  refuseNonsense('shift', shift!.data);
  return shift!;
}

export function noShift(rows: number): Tensor {
  return new Tensor('float32', new Float32Array(rows * TARGETS), [1, rows, TARGETS]);
}
