/**
 * What a model may not do, found before ONNX Runtime sees it. A model may keep its weights in other files, named by a
 * path of its own choosing: a bundle must not make us read a path. And it may loop, branch and call, by graphs inside
 * its graph and functions: then nothing bounds its time, and what was tried once need not hold the next time. Ours are
 * one flat graph. Only the protobuf's framing is read (https://protobuf.dev/programming-guides/encoding/, onnx.proto).
 */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse';

/** Fields of each message that lead to tensors, by their numbers in onnx.proto. */
const CHILDREN: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 10: 'tensor', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};
const NO_MODEL_HAS = 'parts that no model of an avatar has';
const EXTERNAL = 'data outside the bundle';
/** Fields whose presence alone is refused. */
const REFUSED: Readonly<Partial<Record<Message, Readonly<Record<number, string>>>>> = {
  model: { 20: NO_MODEL_HAS, 25: NO_MODEL_HAS }, // training, functions
  attribute: { 6: NO_MODEL_HAS, 11: NO_MODEL_HAS }, // graphs: the bodies of loops and branches
  tensor: { 13: EXTERNAL },
};
const TENSOR_DATA_LOCATION = 14;
/** ONNX Runtime reads tags and lengths as 32 bits: what is longer here could be another field to it. */
const TAG_BYTES = 5;
const TAG_LIMIT = 2 ** 32;
const LENGTH_LIMIT = 2 ** 31;
const VALUE_BYTES = 10;

/** What a model asks for that it may not have. Raises RangeError when the bytes are no protobuf. */
export function forbiddenIn(model: Uint8Array): string | undefined {
  return scan(model, 0, model.byteLength, 'model');
}

function scan(bytes: Uint8Array, begin: number, end: number, message: Message): string | undefined {
  let at = begin;
  while (at < end) {
    const [tag, afterTag] = varint(bytes, at, end, TAG_BYTES);
    if (tag >= TAG_LIMIT) throw new RangeError('A tag is longer than 32 bits.');
    const field = Math.floor(tag / 8);
    const refused = REFUSED[message]?.[field];
    if (refused !== undefined) return refused;
    at = afterTag;
    switch (tag % 8) {
      case VARINT: {
        const [value, next] = varint(bytes, at, end, VALUE_BYTES);
        if (message === 'tensor' && field === TENSOR_DATA_LOCATION && value !== 0) return EXTERNAL;
        at = next;
        break;
      }
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case BYTES: {
        const [length, from] = varint(bytes, at, end, TAG_BYTES);
        if (length >= LENGTH_LIMIT || from + length > end) throw new RangeError('A field runs past its message.');
        const child = CHILDREN[message][field];
        const found = child && scan(bytes, from, from + length, child);
        if (found !== undefined) return found;
        at = from + length;
        break;
      }
      default:
        throw new RangeError(`Wire type ${tag % 8} is not in use.`);
    }
  }
  if (at !== end) throw new RangeError('A field runs past its message.');
  return undefined;
}

/** Value and the position after it. Values beyond 2^53 lose their low bits, which no decision here looks at. */
function varint(bytes: Uint8Array, at: number, end: number, most: number): [number, number] {
  let value = 0;
  let scale = 1;
  for (let i = at; i < Math.min(end, at + most); i++) {
    const byte = bytes[i]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, i + 1];
    scale *= 128;
  }
  throw new RangeError('A number does not end.');
}
