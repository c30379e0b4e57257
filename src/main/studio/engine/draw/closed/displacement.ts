import type { Control } from '../../bundle/index.ts';
import { addressOf, bringBack, kernelFloats, kernels } from '../../kernels/index.ts';
import { gatherInputs, INPUTS, type Likeness, mixtureOf } from './likeness.ts';

/** How the chart's texels may lie beside where the mesh has them. */
export interface DisplacementBasis extends Likeness {
  readonly side: number;
  readonly mean: Float32Array; // [G,G,2] 256ths of the chart
  readonly fields: Float32Array; // [F,G,G,2]
}

/** Where the chart's texels lie at a control. */
export class Displacement {
  readonly #basis: DisplacementBasis;
  readonly #grid: Float32Array; // [G,G,2]
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor(basis: DisplacementBasis) {
    this.#basis = basis;
    this.#grid = kernelFloats(basis.mean.length);
    this.#traits = new Float64Array(basis.traitCount);
    this.#weights = new Float64Array(basis.mixtureCount);
  }

  mix(control: Control): void {
    const { mean, fields } = this.#basis;
    const grid = this.#grid;
    gatherInputs(control, this.#inputs);
    mixtureOf(this.#basis, this.#inputs, this.#traits, this.#weights);
    grid.set(mean);
    for (let field = 0, at = 0; field < this.#weights.length; field++) {
      const weight = this.#weights[field]!;
      for (let i = 0; i < grid.length; i++, at++) grid[i] = grid[i]! + weight * fields[at]!;
    }
  }

  /** Moves positions [N,2], 256ths of the chart, to where their texels lie as last mixed. */
  apply(positions: Float32Array): void {
    kernels.displace(addressOf(positions), positions.length / 2, addressOf(this.#grid), this.#basis.side);
    bringBack(positions);
  }
}
