import { type Tensor, type TensorFile, TensorFileError } from './safetensors.ts';

/**
 * The named tensor with the given shape; a string in the shape is a dimension that must agree
 * wherever the same name is used with the same `dimensions`: `floats(file, 'rotation', ['T', 3, 3], dims)`.
 */
export function floats(
  file: TensorFile,
  name: string,
  shape: readonly (number | string)[],
  dimensions: Map<string, number> = new Map(),
): Float32Array {
  const { values, dtype } = shaped(file, name, shape, dimensions);
  if (!(values instanceof Float32Array)) throw new TensorFileError(`"${name}" is ${dtype}, not F32.`);
  return values;
}

/** As `floats`, for F64 (presentation times). */
export function doubles(
  file: TensorFile,
  name: string,
  shape: readonly (number | string)[],
  dimensions: Map<string, number> = new Map(),
): Float64Array {
  const { values, dtype } = shaped(file, name, shape, dimensions);
  if (!(values instanceof Float64Array)) throw new TensorFileError(`"${name}" is ${dtype}, not F64.`);
  return values;
}

/** As `floats`, for I32 (vertex and row numbers); with `below`, every value must be in 0..below-1. */
export function indices(
  file: TensorFile,
  name: string,
  shape: readonly (number | string)[],
  below?: number,
  dimensions: Map<string, number> = new Map(),
): Int32Array {
  const { values, dtype } = shaped(file, name, shape, dimensions);
  if (!(values instanceof Int32Array)) throw new TensorFileError(`"${name}" is ${dtype}, not I32.`);
  if (below !== undefined && values.some((value) => value < 0 || value >= below))
    throw new TensorFileError(`"${name}" points outside 0..${below - 1}.`);
  return values;
}

/** As `floats`, for U8 (states, masks, pictures). */
export function octets(
  file: TensorFile,
  name: string,
  shape: readonly (number | string)[],
  dimensions: Map<string, number> = new Map(),
): Uint8Array {
  const { values, dtype } = shaped(file, name, shape, dimensions);
  if (!(values instanceof Uint8Array)) throw new TensorFileError(`"${name}" is ${dtype}, not U8.`);
  return values;
}

function shaped(
  file: TensorFile,
  name: string,
  shape: readonly (number | string)[],
  dimensions: Map<string, number>,
): Tensor {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new TensorFileError(`The tensor "${name}" is missing.`);
  const fits =
    tensor.shape.length === shape.length && shape.every((size, axis) => agrees(size, tensor.shape[axis]!, dimensions));
  if (!fits) throw new TensorFileError(`"${name}" is [${tensor.shape.join(', ')}], expected [${shape.join(', ')}].`);
  return tensor;
}

function agrees(expected: number | string, actual: number, dimensions: Map<string, number>): boolean {
  if (typeof expected === 'number') return expected === actual;
  const known = dimensions.get(expected);
  if (known === undefined) dimensions.set(expected, actual);
  return known === undefined || known === actual;
}
