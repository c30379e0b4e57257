import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { LipGap } from './aperture.ts';

/** Share of the person's own frames whose mouth is called closed. */
const CLOSED_SHARE = 0.05;

type Person = Pick<Rig, 'neutral' | 'expressionBasis' | 'lleBank'>;
/** Every frame of a live voice asks for it. */
const known = new WeakMap<Person, Float32Array>();

/** The mouth when nothing is said: the mean [64] of the person's own most closed frames. Not to be written to. */
export function restingExpression(rig: Person): Float32Array {
  const rest = known.get(rig) ?? meanOfClosed(rig);
  known.set(rig, rest);
  return rest;
}

function meanOfClosed(rig: Person): Float32Array {
  const rest = new Float32Array(EXPRESSIONS);
  const gap = new LipGap(rig);
  const rows = Array.from({ length: rig.lleBank.length / EXPRESSIONS }, (_, row) => ({
    row,
    gap: gap.at(rig.lleBank, row),
  })).sort((a, b) => a.gap - b.gap);
  const closed = rows.slice(0, Math.max(1, Math.round(rows.length * CLOSED_SHARE)));
  for (const { row } of closed) {
    for (let k = 0; k < EXPRESSIONS; k++) rest[k] = rest[k]! + rig.lleBank[row * EXPRESSIONS + k]! / closed.length;
  }
  return rest;
}
