import { GEOMETRY } from '../../../../../shared/format/index.ts';
import { addressOf, kernelFloats, kernels } from '../../kernels/index.ts';
import { smoothStep } from '../../numbers/smooth-step.ts';

/** As far as the alpha of a person's frames reaches beyond their outline, and a little more; 256ths of the side. */
const BEYOND = GEOMETRY.alphaBeyond + 2;
/** From there on inwards it is more and more the person; 256ths of the side. */
const SOFT = 6;
const OPAQUE = 128; // of 255

/** How far each texel [side,side] of a chart [side,side,4] of colour times alpha is the person, 0..1. */
export function personShares(chart: Float32Array, side: number): Float32Array {
  const away = kernelFloats(side * side);
  for (let i = 0; i < away.length; i++) away[i] = chart[i * 4 + 3]! >= OPAQUE ? Infinity : 0;
  kernels.spreadDistances(addressOf(away), side, side);
  const texel = 256 / side;
  return away.map((far) => smoothStep(far * texel, BEYOND, BEYOND + SOFT));
}
