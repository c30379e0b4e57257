/** A watermark that nobody sees: laid into every picture of an export, and found again in what became of it. */
export { carries, Watermark } from './laying.ts';
export { CODED_BITS, encode, type Message } from './message.ts';
export { find, type Found } from './find.ts';
export { type Plane } from './plane.ts';
export { MOST_SIDE, whitened } from './whiten.ts';
