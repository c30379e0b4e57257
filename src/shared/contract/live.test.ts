import { expect, test } from 'vitest';
import { decodeLivePicture, encodeLivePicture, LIVE_HEADER_BYTES } from './live.ts';

const ramp = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i / 4);
const picture = {
  serial: 4_000_000_000,
  frame: 7,
  width: 3,
  height: 2,
  drawMs: 12.5,
  view: ramp(4, 100),
  expression: ramp(64, -8),
  rotation: ramp(9, 0),
  translation: ramp(3, 50),
  rgba: Uint8Array.from({ length: 24 }, (_, i) => i * 10),
};

test('a picture comes back as it was sent', () => {
  const message = encodeLivePicture(picture);
  expect(message.length).toBe(LIVE_HEADER_BYTES + 24);
  expect(decodeLivePicture(message.buffer as ArrayBuffer)).toEqual(picture);
});

test('an earlier message is filled again, with a picture that lies in it already', () => {
  const earlier = encodeLivePicture(picture);
  const rgba = earlier.subarray(LIVE_HEADER_BYTES);
  rgba.fill(9);
  const message = encodeLivePicture({ ...picture, serial: 5, rgba }, earlier);
  expect(message).toBe(earlier);
  const { serial, rgba: shown } = decodeLivePicture(message.buffer as ArrayBuffer);
  expect([serial, ...new Set(shown)]).toEqual([5, 9]);
  const larger = { ...picture, width: 4, rgba: new Uint8Array(32) };
  expect(encodeLivePicture(larger, earlier)).not.toBe(earlier);
});

test('a message that is no picture is refused', () => {
  const { buffer } = encodeLivePicture(picture);
  expect(() => decodeLivePicture(buffer.slice(0, -1) as ArrayBuffer)).toThrow(RangeError);
  expect(() => decodeLivePicture(new ArrayBuffer(8))).toThrow(RangeError);
});
