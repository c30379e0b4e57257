import type { Control } from '../../bundle/index.ts';

/** Numbers of a control that traits are made of: expression, rotation vector, translation, gaze, torso, and 1. */
export const INPUTS = 81;

/** What a control's likeness to the person's own frames is mixed to. */
export interface Likeness {
  readonly frames: number;
  readonly traitCount: number;
  readonly mixtureCount: number;
  readonly traits: Float64Array; // [81,d]
  readonly bank: Float32Array; // [N,d] of the person's own frames
  readonly length: number; // of the kernel between traits
  readonly coefficients: Float32Array; // [N,K]
}

/** Weights [K] into `weights`, of a control's numbers [81]; `mine` [d] is room for its traits. */
export function mixtureOf(
  { frames, traitCount, mixtureCount, traits, bank, length, coefficients }: Likeness,
  inputs: Float64Array,
  mine: Float64Array,
  weights: Float64Array,
): void {
  mine.fill(0);
  for (let input = 0, at = 0; input < INPUTS; input++) {
    const number = inputs[input]!;
    for (let trait = 0; trait < traitCount; trait++, at++) mine[trait] = mine[trait]! + number * traits[at]!;
  }
  weights.fill(0);
  const reach = -1 / (2 * length * length);
  for (let frame = 0, at = 0, row = 0; frame < frames; frame++, row += mixtureCount) {
    let away = 0;
    for (let trait = 0; trait < traitCount; trait++, at++) away += (mine[trait]! - bank[at]!) ** 2;
    const likeness = Math.exp(away * reach);
    for (let texture = 0; texture < mixtureCount; texture++)
      weights[texture] = weights[texture]! + likeness * coefficients[row + texture]!;
  }
}

/** A control's numbers into `out` [81]. */
export function gatherInputs(control: Control, out: Float64Array): void {
  const { expression, rotation: r, translation, gaze, filmedGaze, torso } = control;
  out.set(expression, 0);
  // The rotation vector, radians: its axis from the part that is not symmetric.
  const x = (r[7]! - r[5]!) / 2;
  const y = (r[2]! - r[6]!) / 2;
  const z = (r[3]! - r[1]!) / 2;
  const sine = Math.sqrt(x * x + y * y + z * z);
  const angle = Math.atan2(sine, (r[0]! + r[4]! + r[8]! - 1) / 2);
  const scale = sine > 1e-12 ? angle / sine : 1;
  out[64] = x * scale;
  out[65] = y * scale;
  out[66] = z * scale;
  out.set(translation, 67);
  out.set(filmedGaze ?? gaze, 70);
  out.set(torso, 74);
  out[80] = 1;
}
