import { parseSafetensors, type TensorFile, TensorFileError } from '../../../../shared/binary/index.ts';
import { OtherVersionError, type TableName, TENSOR_TABLES } from '../../../../shared/format/tensor-table.ts';
import type { Bundle } from './bundle.ts';
import { badBundle, otherVersion } from './refusal.ts';

/** Reads a tensor file of the bundle; what does not fit is a bad bundle, said with the file's name. */
export function reading<T>(table: TableName, bundle: Bundle, read: (file: TensorFile) => T): T {
  const name = TENSOR_TABLES[table].file;
  try {
    const file = parseSafetensors(bundle.files.get(name)!);
    for (const [tensor, { values }] of file.tensors) {
      if (values instanceof Float32Array && !values.every(Number.isFinite))
        throw new TensorFileError(`"${tensor}" holds values that are not numbers.`);
    }
    return read(file);
  } catch (cause) {
    if (cause instanceof OtherVersionError) throw otherVersion(cause.newer, `${name}: ${cause.message}`);
    if (!(cause instanceof TensorFileError)) throw cause;
    throw badBundle(`The avatar's ${name} does not fit the format.`, cause.message, cause);
  }
}
