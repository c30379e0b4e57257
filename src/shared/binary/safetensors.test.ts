import { describe, expect, it } from 'vitest';
import {
  doubles,
  floats,
  indices,
  octets,
  parseSafetensors,
  parseTensorHeader,
  TensorFileError,
  tensorOf,
  writeSafetensors,
} from './index.ts';

function file(header: unknown, values: number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(values, 8 + text.length);
  return bytes;
}

describe('safetensors', () => {
  it('reads back what it wrote, types, shapes and metadata', () => {
    const bytes = writeSafetensors(
      {
        state: { shape: [3], values: Uint8Array.of(0, 2, 4) },
        time: { shape: [3], values: Float64Array.of(0, 0.04, 0.08) },
        rotation: { shape: [1, 2, 2], values: Float32Array.of(1, 2, 3, 4) },
        ids: { shape: [2], values: Int32Array.of(-1, 897) },
        big: { shape: [], values: BigInt64Array.of(-5n) },
        none: { shape: [0, 64], values: new Float32Array() },
      },
      { format: 'likeness.track', version: '1' },
    );
    const read = parseSafetensors(bytes);
    expect(read.metadata).toEqual({ format: 'likeness.track', version: '1' });
    expect([...octets(read, 'state', ['T'])]).toEqual([0, 2, 4]);
    expect([...doubles(read, 'time', [3])]).toEqual([0, 0.04, 0.08]);
    expect([...floats(read, 'rotation', [1, 2, 2])]).toEqual([1, 2, 3, 4]);
    expect([...indices(read, 'ids', [2])]).toEqual([-1, 897]);
    expect(read.tensors.get('big')?.values).toEqual(BigInt64Array.of(-5n));
    expect(floats(read, 'none', ['M', 64])).toHaveLength(0);
  });

  it('reads a file laid out by hand, from an unaligned view, half floats widened', () => {
    // 0x3c00 = 1, 0xc000 = -2, 0x7bff = 65504, 0x0001 = 2^-24 (IEEE 754 binary16)
    const bytes = file(
      { h: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } },
      [0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00],
    );
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...floats(parseSafetensors(shifted.subarray(3)), 'h', [4])]).toEqual([1, -2, 65504, 2 ** -24]);
  });

  const one = (entry: object) => ({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...entry } });
  const damaged: [string, Uint8Array][] = [
    ['shorter than its length field', new Uint8Array(5)],
    [
      'header longer than the file',
      (() => {
        const b = file(one({}), [0, 0, 0, 0]);
        b[6] = 255;
        return b;
      })(),
    ],
    ['header that is not JSON', file('{"a":', [0])],
    ['header that is a list', file([])],
    ['unknown type', file(one({ dtype: 'constructor' }), [0, 0, 0, 0])],
    ['negative size', file(one({ shape: [-1] }), [0, 0, 0, 0])],
    ['shape that does not fit the offsets', file(one({ shape: [2] }), [0, 0, 0, 0])],
    ['shape whose product overflows', file(one({ shape: [2 ** 52, 2 ** 52] }), [0, 0, 0, 0])],
    ['offsets outside the file', file(one({ data_offsets: [4, 8] }), [0, 0, 0, 0])],
    ['bytes nobody owns', file(one({}), [0, 0, 0, 0, 0])],
    ['truncated values', file(one({}), [0, 0])],
    ['overlapping tensors', file({ ...one({}), b: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, [0, 0, 0, 0])],
    ['metadata that is not text', file({ __metadata__: { version: 1 } })],
  ];
  it.each(damaged)('refuses a file with %s', (_, bytes) => {
    expect(() => parseSafetensors(bytes)).toThrow(TensorFileError);
  });

  it('reads one tensor of a file of which only the beginning and that tensor are here', () => {
    const bytes = writeSafetensors({
      far: { shape: [2], values: Float64Array.of(7, 8) },
      near: { shape: [3], values: Int32Array.of(1, 2, 3) },
    });
    const { entries, valuesAt } = parseTensorHeader(bytes, bytes.length);
    expect(parseTensorHeader(bytes.subarray(0, valuesAt), bytes.length).entries).toEqual(entries);
    const near = entries.find(({ name }) => name === 'near')!;
    expect(tensorOf(near, bytes.subarray(valuesAt + near.begin, valuesAt + near.end)).values).toEqual(
      Int32Array.of(1, 2, 3),
    );
    expect(() => tensorOf(near, bytes.subarray(valuesAt))).toThrow(TensorFileError);
    expect(() => parseTensorHeader(bytes.subarray(0, valuesAt), bytes.length - 1)).toThrow(TensorFileError);
  });

  it('refuses a wrong shape, type, index and a dimension that differs between tensors', () => {
    const read = parseSafetensors(
      writeSafetensors({
        a: { shape: [2, 3], values: new Float32Array(6) },
        b: { shape: [3], values: new Float32Array(3) },
        i: { shape: [1], values: Int32Array.of(468) },
      }),
    );
    const dimensions = new Map<string, number>();
    floats(read, 'a', ['T', 3], dimensions);
    expect(() => floats(read, 'b', ['T'], dimensions)).toThrow('expected [T]');
    expect(() => floats(read, 'a', [3, 2])).toThrow('expected [3, 2]');
    expect(() => doubles(read, 'a', [2, 3])).toThrow('not F64');
    expect(() => indices(read, 'i', [1], 468)).toThrow('outside');
    expect(() => floats(read, 'missing', [1])).toThrow('missing');
  });
});
