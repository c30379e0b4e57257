import { parseSafetensors, type TensorFile, TensorFileError } from '../../../../shared/binary/index.ts';
import type { Bundle } from './bundle.ts';
import { badBundle } from './refusal.ts';

/** Reads a tensor file of the bundle; what does not fit is a bad bundle, said with the file's name. */
export function reading<T>(name: string, bundle: Bundle, format: string, read: (file: TensorFile) => T): T {
  try {
    const file = parseSafetensors(bundle.files.get(name)!);
    if (file.metadata.format !== format)
      throw new TensorFileError(`The format is ${file.metadata.format ?? 'not given'}, not ${format}.`);
    for (const [tensor, { values }] of file.tensors) {
      if (values instanceof Float32Array && !values.every(Number.isFinite))
        throw new TensorFileError(`"${tensor}" holds values that are not numbers.`);
    }
    return read(file);
  } catch (cause) {
    if (!(cause instanceof TensorFileError)) throw cause;
    throw badBundle(`The avatar's ${name} does not fit the format.`, cause.message, cause);
  }
}
