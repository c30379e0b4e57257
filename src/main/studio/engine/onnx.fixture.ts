/** Models of a few nodes, written as protobuf (onnx.proto): what hostile avatars hold. */
const VARINT = 0;
const BYTES = 2;
const FLOAT = 1; // of a tensor's values
const INT = 2; // of an attribute's value
const INT64 = 7;
const FLOAT16 = 10;
const OPSET = 17;
const TYPES = { float: FLOAT, int64: INT64, float16: FLOAT16 } as const;

type Part = Uint8Array;
export interface Model {
  readonly inputs: readonly Part[];
  readonly outputs: readonly Part[];
  readonly constants: Readonly<Record<string, (name: string) => Part>>;
  readonly nodes: readonly Part[];
}

export function model({ inputs, outputs, constants, nodes }: Model): Uint8Array {
  const graph = join(
    ...nodes.map((part) => field(1, part)),
    field(2, text('graph')),
    ...Object.entries(constants).map(([name, make]) => field(5, make(name))),
    ...inputs.map((part) => field(11, part)),
    ...outputs.map((part) => field(12, part)),
  );
  return join(number(1, 8), field(7, graph), field(8, number(2, OPSET)));
}

/** `attributes`: whole numbers. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number>> = {},
): Part {
  return join(
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(operator)),
    ...Object.entries(attributes).map(([name, value]) =>
      field(5, join(field(1, text(name)), number(3, value), number(20, INT))),
    ),
  );
}

/** An input or output, float by default; a string is a dimension of any size. */
export function port(name: string, shape: readonly (number | string)[], type: keyof typeof TYPES = 'float'): Part {
  const sizes = shape.map((size) => field(1, typeof size === 'number' ? number(1, size) : field(2, text(size))));
  return join(field(1, text(name)), field(2, field(1, join(number(1, TYPES[type]), field(2, join(...sizes))))));
}

export function floats(shape: readonly number[], values: readonly number[]): (name: string) => Part {
  return (name) => tensor(name, FLOAT, shape, new Uint8Array(Float32Array.from(values).buffer));
}

export function ints(shape: readonly number[], values: readonly number[]): (name: string) => Part {
  return (name) => tensor(name, INT64, shape, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer));
}

function tensor(name: string, type: number, shape: readonly number[], raw: Uint8Array): Part {
  return join(...shape.map((size) => number(1, size)), number(2, type), field(8, text(name)), field(9, raw));
}

function field(id: number, bytes: Uint8Array): Part {
  return join(varint(id * 8 + BYTES), varint(bytes.length), bytes);
}

function number(id: number, value: number): Part {
  return join(varint(id * 8 + VARINT), varint(value));
}

function varint(value: number): Part {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const join = (...parts: readonly Part[]): Part => Uint8Array.from(Buffer.concat(parts));
