/**
 * Tensor files (https://github.com/huggingface/safetensors): an 8-byte length, a JSON header, the values.
 * Everything a file says about itself is checked against its bytes before an array is made from it.
 */
import { halfToFloat } from './half.ts';

export type Dtype = 'F64' | 'F32' | 'F16' | 'I64' | 'I32' | 'U8';
export type TensorValues = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array;

export interface Tensor {
  /** How the file holds the values; F16 is widened to F32 when read. */
  readonly dtype: Dtype;
  /** Row-major, last dimension fastest; empty for a scalar. */
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The file is not what it says it is; the caller knows what that file was and says so. */
export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

const BYTES: Readonly<Record<Dtype, number>> = { F64: 8, F32: 4, F16: 2, I64: 8, I32: 4, U8: 1 };
/** The reference implementation's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

interface Entry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Reads a whole file. Raises TensorFileError. Values are copied, so `bytes` may be reused. */
export function parseSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.byteLength < 8) throw new TensorFileError('The file is shorter than its 8-byte length field.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = view.getBigUint64(0, true);
  if (declared > BigInt(Math.min(MAX_HEADER_BYTES, bytes.byteLength - 8))) {
    throw new TensorFileError(`The header says ${declared} bytes, the file has ${bytes.byteLength - 8} after the length field.`);
  }
  const headerEnd = 8 + Number(declared);
  const header = parseHeader(bytes.subarray(8, headerEnd));
  const { metadata, entries } = readEntries(header);
  checkLayout(entries, bytes.byteLength - headerEnd);
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const copy = Uint8Array.prototype.slice.call(bytes, headerEnd + begin, headerEnd + end); // a Buffer's own slice would share its memory
    tensors.set(name, { dtype, shape, values: toValues(dtype, copy) });
  }
  return { metadata, tensors };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new TensorFileError('The header is not JSON.');
  }
  if (!isRecord(header)) throw new TensorFileError('The header is not a JSON object.');
  return header;
}

function readEntries(header: Record<string, unknown>): { metadata: Record<string, string>; entries: Entry[] } {
  const metadata: Record<string, string> = {};
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (!isRecord(value)) throw new TensorFileError(`The entry "${name}" is not an object.`);
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw new TensorFileError(`The metadata "${key}" is not a string.`);
        metadata[key] = text;
      }
      continue;
    }
    entries.push(readEntry(name, value));
  }
  return { metadata, entries };
}

function readEntry(name: string, value: Record<string, unknown>): Entry {
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES, dtype)) throw new TensorFileError(`"${name}" has the type ${String(dtype)}, which is not read here.`);
  if (!isCounts(shape)) throw new TensorFileError(`"${name}" has no valid shape.`);
  if (!isCounts(offsets) || offsets.length !== 2) throw new TensorFileError(`"${name}" has no valid offsets.`);
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((product, size) => product * size, 1) * BYTES[dtype as Dtype];
  if (!Number.isSafeInteger(needed) || end - begin !== needed) {
    throw new TensorFileError(`"${name}" is ${dtype} [${shape.join(', ')}], ${needed} bytes, but the file holds ${end - begin} for it.`);
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** Tensors must cover the rest of the file exactly: no gap, no overlap, nothing after the last. */
function checkLayout(entries: readonly Entry[], total: number): void {
  let expected = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== expected) throw new TensorFileError(`"${entry.name}" starts at ${entry.begin} instead of ${expected}.`);
    expected = entry.end;
  }
  if (expected !== total) throw new TensorFileError(`The tensors take ${expected} bytes, the file holds ${total}.`);
}

/** `bytes` starts its own buffer, so every element type is aligned. */
function toValues(dtype: Dtype, bytes: Uint8Array): TensorValues {
  const buffer = bytes.buffer as ArrayBuffer;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return bytes;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
