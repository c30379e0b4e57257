/** How far a piece of work is: `share`, 0 to 1, on its whole way; `done` of `total` in its stage. */
export interface Progress {
  readonly share: number;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly rate?: number | null;
  readonly etaSeconds?: number | null;
}

const BAR_CELLS = 24;
const EIGHTHS = ' ▏▎▍▌▋▊▉█';
const MS_BETWEEN_FRAMES = 100;
/** A log file needs a sign of life, not every step. */
const MS_BETWEEN_LINES = 5000;

/** A bar that redraws itself on a terminal; in a pipe, a plain line at every new stage and every few seconds. */
export class ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #now: () => number;
  #stage = '';
  #last = -Infinity;
  #drawn = false;
  #finished = false;

  constructor(stream: NodeJS.WriteStream, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  show(progress: Progress): void {
    const fresh = progress.stage !== this.#stage;
    const interval = this.#stream.isTTY ? MS_BETWEEN_FRAMES : MS_BETWEEN_LINES;
    const finished = progress.done >= progress.total;
    const justFinished = finished && (fresh || !this.#finished);
    if (!fresh && !justFinished && (finished || this.#now() - this.#last < interval)) return;
    this.#finished = finished;
    this.#stage = progress.stage;
    this.#last = this.#now();
    if (this.#stream.isTTY) {
      if (fresh && this.#drawn) this.#stream.write('\n');
      this.#stream.write(`\r\x1b[K${fitted(barLine(progress), this.#stream.columns)}`);
      this.#drawn = true;
    } else {
      this.#stream.write(`${plainLine(progress)}\n`);
    }
  }

  /** Leaves the last bar standing and moves to a new line. Call before anything else is printed. */
  end(): void {
    if (this.#drawn) this.#stream.write('\n');
    this.#drawn = false;
    this.#stage = '';
    this.#last = -Infinity;
  }
}

export function plainLine(progress: Progress): string {
  const more = parts(progress).join(', ');
  return `${progress.stage} ${percent(progress)}${more ? ` (${more})` : ''}`;
}

function barLine(progress: Progress): string {
  const eighths = Math.round(progress.share * BAR_CELLS * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  const bar = (full + (eighths % 8 > 0 ? EIGHTHS[eighths % 8] : '')).padEnd(BAR_CELLS);
  return `${progress.stage.padEnd(12)} ▕${bar}▏ ${percent(progress).padStart(5)}  ${parts(progress).join(' · ')}`;
}

function fitted(line: string, columns: number | undefined): string {
  return columns && line.length >= columns ? line.slice(0, columns - 1) : line;
}

function percent({ share }: Progress): string {
  return `${Math.floor(share * 100)} %`;
}

function parts({ done, total, unit, rate, etaSeconds }: Progress): string[] {
  const amount = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  return [
    ...(unit === '%' ? [] : [`${amount(done)} of ${amount(total)} ${unit}`]),
    ...(rate && unit !== '%' ? [`${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`] : []),
    ...(etaSeconds !== undefined && etaSeconds !== null && done < total ? [`${duration(etaSeconds)} left`] : []),
  ];
}

/** 75 -> "1 min 15 s" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
