import type { Control } from '../../bundle/index.ts';
import { addressOf, kernelFloats, kernels } from '../../kernels/index.ts';
import type { OffsetGrid } from './cubic.ts';
import { gatherInputs, INPUTS, type Likeness, mixtureOf } from './likeness.ts';
import { Sway } from './sway.ts';

/** How the chart's texels may lie beside where the mesh has them. */
export interface DisplacementBasis extends Likeness {
  readonly side: number;
  readonly mean: Float32Array; // [G,G,2] 256ths of the chart
  readonly fields: Float32Array; // [F,G,G,2] the kernels' once it is prepared
}

/** What moves the addresses: foretold by a control, and tracked. At least one of them is there. */
export interface Moving {
  readonly displacement: DisplacementBasis | null;
  /** [G,G] how much of a sway moves what lies here. */
  readonly loose: Float32Array | null;
}

/** Where the chart's texels lie at a control, beside where the mesh has them. */
export class Displacement implements OffsetGrid {
  readonly offsets: Float32Array;
  readonly side: number;
  readonly #foretold: Foretold | null;
  readonly #sway: Sway | null;

  /** Null where nothing moves them. */
  static of({ displacement, loose }: Moving): Displacement | null {
    const side = displacement?.side ?? Math.sqrt(loose?.length ?? 0);
    return side > 0 ? new Displacement(side, displacement, loose) : null;
  }

  private constructor(side: number, displacement: DisplacementBasis | null, loose: Float32Array | null) {
    this.side = side;
    this.offsets = kernelFloats(side * side * 2);
    this.#foretold = displacement && new Foretold(displacement);
    this.#sway = loose && new Sway(loose);
  }

  mix(control: Control): void {
    if (this.#foretold) this.#foretold.into(this.offsets, control);
    else this.offsets.fill(0);
    if (control.sway) this.#sway?.addTo(this.offsets, control.sway);
  }
}

class Foretold {
  readonly #basis: DisplacementBasis;
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor(basis: DisplacementBasis) {
    this.#basis = basis;
    this.#traits = new Float64Array(basis.traitCount);
    this.#weights = new Float64Array(basis.mixtureCount);
  }

  into(offsets: Float32Array, control: Control): void {
    const { mean, fields } = this.#basis;
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
