/** Markers of a JPEG file (ITU-T T.81, table B.1); each follows a byte 0xFF. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const RST0 = 0xd0;
const RST7 = 0xd7;
/** In coded data 0xFF is written as 0xFF 0x00. */
const STUFFED = 0x00;

/**
 * Cuts a stream of JPEG files that follow each other without a gap. Raises RangeError for anything else, and for a
 * picture cut short.
 */
export async function* splitJpegs(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    waiting = Buffer.concat([waiting, chunk]);
    for (let end = endOfJpeg(waiting); end !== undefined; end = endOfJpeg(waiting)) {
      yield waiting.subarray(0, end);
      waiting = waiting.subarray(end);
    }
  }
  if (waiting.length > 0) throw new RangeError('The last picture is cut short.');
}

/** Where the first picture in `bytes` ends, undefined while it is not all there. */
function endOfJpeg(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new RangeError('A picture does not begin as a JPEG.');
  for (let at = 2; at + 2 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw new RangeError('A picture is not a JPEG.');
    const marker = bytes[at + 1]!;
    if (marker === EOI) return at + 2;
    if (at + 4 > bytes.length) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker === SOS) at = endOfScan(bytes, at);
  }
  return undefined;
}

/** Where the coded data from `at` on ends: the next marker that is none of the two kinds found inside. */
function endOfScan(bytes: Buffer, at: number): number {
  for (
    let next = bytes.indexOf(0xff, at);
    next !== -1 && next + 1 < bytes.length;
    next = bytes.indexOf(0xff, next + 2)
  ) {
    const marker = bytes[next + 1]!;
    if (marker !== STUFFED && (marker < RST0 || marker > RST7)) return next;
  }
  return bytes.length;
}
