/**
 * An ONNX model may keep its weights in other files, named by a path of the model's choosing.
 * A bundle must not make us read a path, so such models are refused before a session sees them.
 * Only the protobuf's framing is read (https://protobuf.dev/programming-guides/encoding/, onnx.proto).
 */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function' | 'training';

/** Fields of each message that lead to tensors, by their numbers in onnx.proto. */
const CHILDREN: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
  tensor: {},
};
const TENSOR_EXTERNAL_DATA = 13;
const TENSOR_DATA_LOCATION = 14;
const MAX_DEPTH = 32;

/** True when some tensor of the model lives outside the file. Raises RangeError when the bytes are no protobuf. */
export function usesExternalData(model: Uint8Array): boolean {
  return scan(model, 0, model.byteLength, 'model', 0);
}

function scan(bytes: Uint8Array, begin: number, end: number, message: Message, depth: number): boolean {
  if (depth > MAX_DEPTH) throw new RangeError('The model nests too deeply.');
  let at = begin;
  while (at < end) {
    const [tag, afterTag] = varint(bytes, at, end);
    const field = Math.floor(tag / 8);
    at = afterTag;
    switch (tag % 8) {
      case VARINT: {
        const [value, next] = varint(bytes, at, end);
        if (message === 'tensor' && field === TENSOR_DATA_LOCATION && value !== 0) return true;
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
        const [length, from] = varint(bytes, at, end);
        if (from + length > end) throw new RangeError('A field runs past its message.');
        if (message === 'tensor' && field === TENSOR_EXTERNAL_DATA) return true;
        const child = CHILDREN[message][field];
        if (child && scan(bytes, from, from + length, child, depth + 1)) return true;
        at = from + length;
        break;
      }
      default:
        throw new RangeError(`Wire type ${tag % 8} is not in use.`);
    }
  }
  if (at !== end) throw new RangeError('A field runs past its message.');
  return false;
}

/** Value and the position after it. Values beyond 2^53 lose their low bits, which no decision here looks at. */
function varint(bytes: Uint8Array, at: number, end: number): [number, number] {
  let value = 0;
  let scale = 1;
  for (let i = at; i < Math.min(end, at + 10); i++) {
    const byte = bytes[i]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return [value, i + 1];
    scale *= 128;
  }
  throw new RangeError('A number does not end.');
}
