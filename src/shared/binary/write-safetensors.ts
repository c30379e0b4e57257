import { type Dtype, TensorFileError, type TensorValues } from './safetensors.ts';

export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/**
 * A whole tensor file. The values' array type decides the element type. Raises TensorFileError if a shape does not fit
 * its values.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  // Wide types first, as the reference writer does, so that every tensor stays aligned.
  const ordered = Object.entries(tensors).sort(
    ([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT,
  );
  let offset = 0;
  for (const [name, { shape, values }] of ordered) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === '__metadata__' || count !== values.length) {
      throw new TensorFileError(`"${name}" [${shape.join(', ')}] cannot hold ${values.length} values.`);
    }
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(text.byteLength / 8) * 8; // padded with spaces, so the values start aligned
  const file = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(text, 8);
  let position = 8 + headerBytes;
  for (const [, { values }] of ordered) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}

function dtypeOf(values: TensorValues): Dtype {
  if (values instanceof Float64Array) return 'F64';
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof BigInt64Array) return 'I64';
  if (values instanceof Int32Array) return 'I32';
  return 'U8';
}
