import { Tensor } from 'onnxruntime-node';
import { SeededRandom } from '../numbers/random.ts';
import type { Network } from './runnable.ts';

/** Answers may differ by so much of the largest of them, or of 1; bytes by so many levels on average. */
export const TOLERANCE = 1e-3;
const MEAN_LEVELS = 0.5;
const WARM_UP = 2; // passes in which a provider still prepares itself
const PASSES = 5;
/** How long what a network is fed is where it may have any length: two seconds of sound, a quarter of the rays. */
const LENGTHS: Readonly<Record<string, number>> = {
  waveform: 32_000,
  features: 201,
  shift: 201,
  noise: 13,
  points: 1024,
  offsets: 1024,
  active: 1024,
};

export type Feeds = Readonly<Record<string, Tensor>>;
export interface Pass {
  readonly ms: number; // the middle of some
  readonly answers: Readonly<Record<string, Tensor>>;
}

/** Something for every input of a network, the same each time. Raises where one is of a kind that avatars have not. */
export function feedsOf({ inputMetadata }: Pick<Network, 'inputMetadata'>): Feeds {
  const random = new SeededRandom(1);
  return Object.fromEntries(
    inputMetadata.map((input) => {
      if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
      const dims = input.shape.map((side) => (typeof side === 'number' ? side : (LENGTHS[input.name] ?? 1)));
      const count = dims.reduce((product, side) => product * side, 1);
      if (input.type === 'int32') return [input.name, new Tensor('int32', new Int32Array(count), dims)];
      if (input.type !== 'float32') throw new Error(`${input.name} is ${input.type}`);
      const values = Float32Array.from({ length: count }, () => 0.1 * random.normal());
      return [input.name, new Tensor('float32', values, dims)];
    }),
  );
}

export async function timedPass(network: Network, feeds: Feeds): Promise<Pass> {
  const times: number[] = [];
  let answers: Pass['answers'] = {};
  for (let pass = 0; pass < WARM_UP + PASSES; pass++) {
    const begin = performance.now();
    answers = (await network.run(feeds)) as Pass['answers'];
    if (pass >= WARM_UP) times.push(performance.now() - begin);
  }
  return { ms: times.toSorted((a, b) => a - b)[PASSES >> 1]!, answers };
}

/** In words, how answers differ by more than they may; undefined where they do not. */
export function difference(ours: Pass['answers'], expected: Pass['answers']): string | undefined {
  for (const [name, { data, type }] of Object.entries(expected)) {
    const found = ours[name]?.data as Float32Array | Uint8Array | undefined;
    const values = data as Float32Array | Uint8Array;
    if (found?.length !== values.length) return `${name} has another size`;
    let [largest, scale, sum] = [0, 1, 0];
    for (let i = 0; i < values.length; i++) {
      const away = Math.abs(found[i]! - values[i]!);
      if (!(away <= largest)) largest = away; // not a number is a difference too
      scale = Math.max(scale, Math.abs(values[i]!));
      sum += away;
    }
    if (type === 'uint8' ? !(sum / values.length <= MEAN_LEVELS) : !(largest <= TOLERANCE * scale))
      return `${name} differs by ${largest.toPrecision(2)}`;
  }
  return undefined;
}
