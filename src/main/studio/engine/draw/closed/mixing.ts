import type { Control } from '../../bundle/index.ts';
import { kernelFloats } from '../../kernels/index.ts';
import { type Basis, type ChartLevel, INPUTS } from './appearance.ts';
import { PackedTextures } from './packed.ts';
import { type Spans, spansOf, widen } from './spans.ts';

/** How a region's weights follow from a control. */
type Likeness = Omit<Basis, 'textures'>;

/** The chart as it looks at a control: the mean, and each region's textures by what the control is like. */
export class ChartMixer {
  /** [S,S,4] colour times alpha, and alpha, 0..255; rewritten by each `mix`. */
  readonly chart: Float32Array;
  /** What of the chart may be other than 0. */
  readonly spans: Spans;
  readonly #mean: Float32Array;
  readonly #regions: readonly { readonly likeness: Likeness; readonly packed: PackedTextures }[];
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor({ mean, side, regions }: ChartLevel) {
    this.#mean = mean;
    this.chart = kernelFloats(mean.length);
    this.spans = spansOf(mean, side, side);
    for (const { left, top, height, spans } of regions)
      for (let row = 0; row < height; row++)
        widen(
          this.spans,
          top + row,
          left + spans[row * 2]!,
          spans[row * 2 + 1]! === 0 ? 0 : left + spans[row * 2 + 1]!,
        );
    this.#regions = regions.map((basis) => {
      const { textures: _, ...likeness } = basis; // they are there once, packed
      return { likeness, packed: new PackedTextures(basis, side) };
    });
    this.#traits = new Float64Array(Math.max(...regions.map(({ traitCount }) => traitCount)));
    this.#weights = new Float64Array(Math.max(...regions.map(({ textureCount }) => textureCount)));
  }

  mix(control: Control): void {
    this.chart.set(this.#mean);
    gatherInputs(control, this.#inputs);
    for (const { likeness, packed } of this.#regions) {
      this.#weigh(likeness);
      packed.addTo(this.chart, this.#weights);
    }
  }

  #weigh({ frames, traitCount, textureCount, traits, bank, length, coefficients }: Likeness): void {
    const mine = this.#traits;
    const weights = this.#weights;
    mine.fill(0);
    for (let input = 0, at = 0; input < INPUTS; input++) {
      const number = this.#inputs[input]!;
      for (let trait = 0; trait < traitCount; trait++, at++) mine[trait] = mine[trait]! + number * traits[at]!;
    }
    weights.fill(0);
    const reach = -1 / (2 * length * length);
    for (let frame = 0, at = 0, row = 0; frame < frames; frame++, row += textureCount) {
      let away = 0;
      for (let trait = 0; trait < traitCount; trait++, at++) away += (mine[trait]! - bank[at]!) ** 2;
      const likeness = Math.exp(away * reach);
      for (let texture = 0; texture < textureCount; texture++)
        weights[texture] = weights[texture]! + likeness * coefficients[row + texture]!;
    }
  }
}

/** A control's numbers into `out` [81]. */
function gatherInputs({ expression, rotation: r, translation, gaze, torso }: Control, out: Float64Array): void {
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
  out.set(gaze, 70);
  out.set(torso, 74);
  out[80] = 1;
}
