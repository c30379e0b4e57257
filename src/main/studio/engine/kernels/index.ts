/**
 * What is computed at every pixel, compiled for 128-bit steps (docs/decisions/kernels.md). `kernels/` at the root says
 * what each does; arrays made here are reached as they are, others are copied in and out.
 */
import { KERNELS } from './code.ts';
import { newMemory, type Reached, Space } from './space.ts';

type Address = number;
interface Exports {
  mix(
    chart: Address,
    textures: Address,
    weights: Address,
    pairs: number,
    runs: Address,
    runCount: number,
    step: number,
  ): void;
  locate(positions: Address, count: number, side: number, grid: Address, gridSide: number, places: Address): void;
  sample(
    picture: Address,
    side: number,
    seeing: Address,
    places: Address,
    count: number,
    share: number,
    out: Address,
  ): void;
  fromStraight(rgba: Address, count: number, layer: Address): void;
  lay(layer: Address, width: number, height: number, pixels: Address, stride: number): void;
  layLuma(layer: Address, width: number, height: number, luma: Address, stride: number): void;
  layChroma(layer: Address, width: number, height: number, u: Address, v: Address, stride: number): void;
  toPlanes(rgba: Address, width: number, height: number, luma: Address, u: Address, v: Address): void;
  addShare(sums: Address, values: Address, count: number, share: number): void;
  stretch(row: Address, first: Address, weight: Address, count: number, columns: number, out: Address): void;
  blendRows(rows: Address, first: Address, weight: Address, count: number, columns: number, out: Address): void;
  blendOnto(
    rows: Address,
    line: number,
    first: Address,
    weight: Address,
    columns: number,
    base: Address,
    out: Address,
  ): void;
  watermarkLuma(from: Address, count: number, line: number, pattern: Address, to: Address): void;
  watermarkColours(from: Address, count: number, line: number, pattern: Address, to: Address): void;
  weigh(
    layer: Address,
    width: number,
    height: number,
    mask: Address,
    side: number,
    left: number,
    top: number,
    scale: number,
    share: number,
  ): void;
  unite(first: Address, second: Address, count: number, mask: Address): void;
  lower(mask: Address, side: number, since: Address, by: number): void;
  blurRows(from: Address, to: Address, side: number, radius: number): void;
  blurColumns(from: Address, to: Address, side: number, radius: number, sums: Address): void;
  boxOf(mask: Address, side: number, nothing: number, box: Address): void;
  tone(layer: Address, count: number, gain: number, pivot: number, red: number, green: number, blue: number): void;
  gather(
    multiplied: Address,
    background: Address,
    width: number,
    height: number,
    across: Address,
    down: Address,
    columns: number,
    sums: Address,
  ): void;
  pull(
    values: Address,
    weights: Address,
    width: number,
    height: number,
    channels: number,
    coarse: Address,
    coarseWeights: Address,
  ): void;
  push(coarse: Address, values: Address, weights: Address, width: number, height: number, channels: number): void;
  spreadDistances(away: Address, width: number, height: number): void;
  takeOff(
    multiplied: Address,
    background: Address,
    bare: Address,
    width: number,
    height: number,
    across: Address,
    down: Address,
    columns: number,
    inside: Address,
    surely: Address,
    person: Address,
    ring: Address,
    near: number,
    beyond: number,
    room: Address,
  ): void;
  straighten(levels: Address, count: number, rgba: Address): void;
  rasterize(
    image: Address,
    depth: Address,
    width: number,
    height: number,
    channels: number,
    positions: Address,
    scale: number,
    attributes: Address,
    triangles: Address,
    faces: number,
  ): void;
}

const compiled = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
let space: Space;
export let kernels: Exports;
computeIn(newMemory());

/** Where this thread's arrays lie: other threads that compute there can read them. */
export function kernelMemory(): WebAssembly.Memory {
  return space.memory;
}

/** Computes in another thread's memory from now on: before any array is made. */
export function computeIn(memory: WebAssembly.Memory): void {
  space = new Space(memory);
  kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
}

/** Zeros, where kernels reach them. Whoever needs a part of an array holds the array too. */
export const kernelFloats = (count: number): Float32Array => space.floats(count);
export const kernelInts = (values: ArrayLike<number>): Int32Array => space.ints(values);
export const kernelShorts = (count: number): Int16Array => space.shorts(count);
export const kernelOctets = (count: number): Uint8Array => space.bytes(count);
export const kernelSignedOctets = (count: number): Int8Array => space.signedBytes(count);

/** Of buffers that lie elsewhere, as much room here. */
const rooms = new WeakMap<ArrayBufferLike, Uint8Array>();

/** The address of an array's content as it is now. */
export function addressOf(array: Reached): Address {
  if (space.holds(array)) return array.byteOffset;
  const { buffer, byteOffset, byteLength } = array;
  let room = rooms.get(buffer);
  if (!room) rooms.set(buffer, (room = space.bytes(buffer.byteLength)));
  room.set(new Uint8Array(buffer, byteOffset, byteLength), byteOffset);
  return room.byteOffset + byteOffset;
}

/** Brings what kernels wrote to an array's address into the array. */
export function bringBack(array: Reached): void {
  if (space.holds(array)) return;
  const { buffer, byteOffset, byteLength } = array;
  new Uint8Array(buffer, byteOffset, byteLength).set(rooms.get(buffer)!.subarray(byteOffset, byteOffset + byteLength));
}
