/** Copies of the tiny avatar, each wrong in one place that a seed picks: values, sizes, bytes. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseSafetensors, type TensorFile, writeSafetensors } from '../../../shared/binary/index.ts';
import { openBundle } from './bundle/index.ts';
import { changedBundle, TINY } from './bundles.fixture.ts';
import { SeededRandom } from './numbers/random.ts';

/** What was changed, in words, and the file that was written. */
export interface Mutation {
  readonly what: string;
  readonly path: string;
}

const NUMBERS = [Number.NaN, Infinity, -Infinity, 1e30, -1e30, 3e38, 1e9, -1, 0, 1e-30, 2 ** 31, -(2 ** 31)] as const;
const WRONG: readonly unknown[] = [
  null,
  true,
  '',
  'x'.repeat(900_000),
  '\u001b[31m',
  -1,
  0,
  1e9,
  1e308,
  2 ** 53 - 1,
  [],
  {},
];
const TENSOR_FILES = ['rig.safetensors', 'idle.safetensors', 'probe.safetensors'] as const;
const KINDS = ['value', 'values', 'shape', 'manifest', 'bytes', 'cut', 'swapped', 'archive'] as const;

/** Writes the mutation of a seed; the same seed writes the same one. */
export async function mutate(seed: number, path: string): Promise<Mutation> {
  const random = new SeededRandom(seed * 7919 + 1);
  const pick = <Value>(all: readonly Value[]): Value => all[Math.floor(random.next() * all.length)]!;
  const kind = KINDS[seed % KINDS.length]!;
  const { manifest, files } = await openBundle(TINY);
  const names = [...files.keys()];
  switch (kind) {
    case 'value':
    case 'values': {
      const file = pick(TENSOR_FILES);
      const { tensors, metadata } = parseSafetensors(files.get(file)!);
      const name = pick([...tensors.keys()]);
      const { values } = tensors.get(name)!;
      const value = pick(NUMBERS);
      const at = kind === 'value' ? Math.floor(random.next() * values.length) : undefined;
      if (values instanceof BigInt64Array) values.fill(-1n);
      else if (at === undefined) values.fill(value);
      else values[at] = value;
      const what = `${file} ${name}${at === undefined ? '' : `[${at}]`} = ${value}`;
      return { what, path: await changedBundle(path, { files: { [file]: written(tensors, metadata) } }) };
    }
    case 'shape': {
      const file = pick(TENSOR_FILES);
      const bytes = Buffer.from(files.get(file)!);
      const digits = [...bytes.subarray(8, 3000).toString('latin1').matchAll(/\d/g)].map(({ index }) => 8 + index);
      const at = pick(digits);
      bytes[at] = 0x30 + Math.floor(random.next() * 10);
      return { what: `${file}: a digit of its header`, path: await changedBundle(path, { files: { [file]: bytes } }) };
    }
    case 'manifest': {
      const place = pick(leaves(manifest));
      const value = pick(WRONG);
      const what = `manifest ${place.join('.')} = ${JSON.stringify(value).slice(0, 20)}`;
      return { what, path: await changedBundle(path, { manifest: (document) => put(document, place, value) }) };
    }
    case 'bytes': {
      const file = pick(names);
      const bytes = Buffer.from(files.get(file)!);
      for (let count = 0; count < 4; count++) bytes[Math.floor(random.next() * bytes.length)] = random.next() * 256;
      return { what: `${file}: four bytes`, path: await changedBundle(path, { files: { [file]: bytes } }) };
    }
    case 'cut': {
      const file = pick(names);
      const bytes = files.get(file)!;
      const half = bytes.subarray(0, Math.floor(random.next() * bytes.length));
      return { what: `${file}: cut to ${half.length}`, path: await changedBundle(path, { files: { [file]: half } }) };
    }
    case 'swapped': {
      const [file, other] = [pick(names), pick(names)];
      return {
        what: `${file} is ${other}`,
        path: await changedBundle(path, { files: { [file]: files.get(other)! } }),
      };
    }
    case 'archive': {
      const bytes = await readFile(TINY);
      const at = Math.floor(random.next() * bytes.length);
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random.next() * 8));
      await writeFile(path, bytes);
      return { what: `archive byte ${at}`, path };
    }
  }
}

function written(tensors: TensorFile['tensors'], metadata: TensorFile['metadata']): Uint8Array {
  return writeSafetensors(
    Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }])),
    metadata,
  );
}

/** The places of a document's values, its lists and objects among them. */
function leaves(document: object, place: readonly string[] = []): string[][] {
  return Object.entries(document).flatMap(([key, value]) => [
    [...place, key],
    ...(typeof value === 'object' && value !== null ? leaves(value as object, [...place, key]) : []),
  ]);
}

function put(document: Record<string, unknown>, place: readonly string[], value: unknown): void {
  const [key, ...rest] = place as [string, ...string[]];
  if (rest.length === 0) document[key] = value;
  else put(document[key] as Record<string, unknown>, rest, value);
}
