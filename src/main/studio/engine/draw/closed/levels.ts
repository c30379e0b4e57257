import type { Control } from '../../bundle/index.ts';
import { Enlarger, Taps } from '../enlarge.ts';
import { CubicSampler, cubicWeight } from './cubic.ts';
import { ChartMixer } from './mixing.ts';
import type { PreparedAppearance, PreparedLevel } from './prepared.ts';
import { type Spans, spansOf, widen } from './spans.ts';

/** Pixels a texel of the chart from which its detail is seen; as the trainer's. */
const DETAIL_FROM = 1.15;

/** A chart to look pixels up in. */
export interface Level {
  readonly side: number;
  readonly picture: Float32Array; // [side,side,4]
  /** What of it may be other than 0. */
  readonly spans: Spans;
  readonly sampler: CubicSampler;
}

/** The chart as it looks at a control, and enlarged with its detail where a picture has pixels for it. */
export class ChartLevels {
  readonly #prepared: PreparedLevel;
  readonly #mixer: ChartMixer;
  readonly #chart: Level;
  readonly #detail: DetailedChart | null;

  constructor({ chart, detail }: PreparedAppearance) {
    this.#prepared = chart;
    this.#mixer = new ChartMixer(chart);
    this.#chart = levelOf(this.#mixer.chart, chart.side, chart.spans);
    this.#detail = detail && new DetailedChart(detail, this.#chart, chart.spans);
  }

  /** For a picture of so many pixels along the chart's side. */
  mix(control: Control, pixels: number): Level {
    this.#chart.picture.set(this.#prepared.mean);
    this.#mixer.add(control);
    if (!this.#detail || pixels <= DETAIL_FROM * this.#chart.side) return this.#chart;
    return this.#detail.mix(control);
  }
}

class DetailedChart {
  readonly #mean: Float32Array;
  readonly #mixer: ChartMixer;
  readonly #chart: Level;
  readonly #level: Level;
  readonly #place: Taps; // of the detail's texels in the chart, across as down
  readonly #enlarger = new Enlarger();
  readonly #seen: Spans;

  constructor(detail: PreparedLevel, chart: Level, chartSpans: Spans) {
    const { side, mean, spans } = detail;
    this.#mean = mean;
    this.#mixer = new ChartMixer(detail);
    this.#chart = chart;
    this.#place = new Taps(4);
    const centreOf = (texel: number) => ((texel + 0.5) / side) * chart.side - 0.5;
    this.#place.place(side, centreOf, chart.side - 1, cubicWeight);
    const seen = (this.#seen = enlargedSpans(chartSpans, chart.side, side));
    for (let row = 0; row < side; row++) widen(seen, row, spans[row * 2]!, spans[row * 2 + 1]!);
    this.#level = levelOf(this.#mixer.chart, side, seen);
  }

  /** Once the chart is mixed. */
  mix(control: Control): Level {
    const { side, picture } = this.#chart;
    this.#enlarger.enlargeOnto(picture, side, this.#place, this.#seen, this.#mean, this.#level.picture);
    this.#mixer.add(control);
    return this.#level;
  }
}

function levelOf(picture: Float32Array, side: number, spans: Spans): Level {
  return { side, picture, spans, sampler: new CubicSampler(picture, side, spans) };
}

/** What of an enlarged picture may be other than 0: cubic samples reach two pixels further. */
function enlargedSpans(spans: Spans, side: number, larger: number): Spans {
  const out = spansOf(new Float32Array(0), larger, larger);
  const zoom = larger / side;
  for (let row = 0; row < side; row++) {
    if (spans[row * 2 + 1] === 0) continue;
    const first = Math.max(0, Math.floor((spans[row * 2]! - 2) * zoom));
    const past = Math.min(larger, Math.ceil((spans[row * 2 + 1]! + 2) * zoom));
    const bottom = Math.min(larger, Math.ceil((row + 3) * zoom));
    for (let near = Math.max(0, Math.floor((row - 2) * zoom)); near < bottom; near++) widen(out, near, first, past);
  }
  return out;
}
