import type { Control } from '../../bundle/index.ts';
import { addressOf, kernelFloats, kernels } from '../../kernels/index.ts';
import type { OffsetGrid } from './cubic.ts';
import { gatherInputs, INPUTS, type Likeness, mixtureOf } from './likeness.ts';

/** How the chart's texels may lie beside where the mesh has them. */
export interface DisplacementBasis extends Likeness {
  readonly side: number;
  readonly mean: Float32Array; // [G,G,2] 256ths of the chart
  readonly fields: Float32Array; // [F,G,G,2] the kernels' once it is prepared
}

/** Where the chart's texels lie at a control, beside where the mesh has them. */
export class Displacement implements OffsetGrid {
  readonly offsets: Float32Array;
  readonly #basis: DisplacementBasis;
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor(basis: DisplacementBasis) {
    this.#basis = basis;
    this.offsets = kernelFloats(basis.mean.length);
    this.#traits = new Float64Array(basis.traitCount);
    this.#weights = new Float64Array(basis.mixtureCount);
  }

  get side(): number {
    return this.#basis.side;
  }

  mix(control: Control): void {
    const { mean, fields } = this.#basis;
    const { offsets } = this;
    gatherInputs(control, this.#inputs);
    mixtureOf(this.#basis, this.#inputs, this.#traits, this.#weights);
    offsets.set(mean);
    for (let field = 0; field < this.#weights.length; field++)
      kernels.addShare(
        addressOf(offsets),
        addressOf(fields) + field * offsets.byteLength,
        offsets.length,
        this.#weights[field]!,
      );
  }
}
