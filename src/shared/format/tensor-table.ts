import tables from '../../../format/tensors.json' with { type: 'json' };
import { doubles, floats, indices, octets, type TensorFile, TensorFileError } from '../binary/index.ts';

export interface TensorRow {
  readonly dtype: string;
  /** A string names a size that the file itself says; the same name is the same size. */
  readonly shape: readonly (number | string)[];
  readonly unit?: string;
  readonly meaning: string;
  readonly optional?: boolean;
}
export interface TensorTable {
  readonly file: string;
  readonly format: string;
  readonly version: string;
  readonly tensors: Readonly<Record<string, TensorRow>>;
}
export type TableName = keyof typeof tables;
export type TensorName<Name extends TableName> = keyof (typeof tables)[Name]['tensors'] & string;

/** The tensor files of docs/formats.md, by what they are called there. */
export const TENSOR_TABLES: Readonly<Record<TableName, TensorTable>> = tables;

/** Tensors by name, each with the type and shape that the format says. All raise TensorFileError. */
export interface TableReader<Name extends string> {
  /** Of the dimension that the format calls so, once a tensor with it was read. */
  size(dimension: string): number;
  floats(tensor: Name): Float32Array;
  doubles(tensor: Name): Float64Array;
  octets(tensor: Name): Uint8Array;
  /** Every value is in 0..below-1. */
  indices(tensor: Name, below: number): Int32Array;
}

/** Reads `file` as the format's table says. Raises TensorFileError for a file of another kind or version. */
export function readTable<Name extends TableName>(table: Name, file: TensorFile): TableReader<TensorName<Name>> {
  requireFormat(table, file.metadata);
  const { tensors } = TENSOR_TABLES[table];
  const sizes = new Map<string, number>();
  const shape = (tensor: string) => tensors[tensor]!.shape;
  return {
    size: (dimension) => sizes.get(dimension) ?? 0,
    floats: (tensor) => floats(file, tensor, shape(tensor), sizes),
    doubles: (tensor) => doubles(file, tensor, shape(tensor), sizes),
    octets: (tensor) => octets(file, tensor, shape(tensor), sizes),
    indices: (tensor, below) => indices(file, tensor, shape(tensor), below, sizes),
  };
}

/** The file is whole, and of another version of the format than this program's. */
export class OtherVersionError extends TensorFileError {
  readonly newer: boolean;

  constructor(found: string, known: string) {
    super(`The format is version ${found}; this program reads version ${known}.`);
    this.newer = Number(found) > Number(known);
  }
}

/** Raises TensorFileError for a file of another kind, OtherVersionError for one of another version. */
export function requireFormat(table: TableName, metadata: Readonly<Record<string, string>>): void {
  const { format, version } = TENSOR_TABLES[table];
  if (metadata['format'] !== format)
    throw new TensorFileError(`The format is ${metadata['format'] ?? 'not given'}, not ${format}.`);
  const found = metadata['version'] ?? '0';
  if (found !== version) throw new OtherVersionError(found, version);
}
