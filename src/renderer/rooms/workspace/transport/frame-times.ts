/** A frame's own time may be a rounding error away from what a person stopped at, seconds. */
const SLACK = 1e-6;

/**
 * The times at which the picture changes: the source's own, ascending, and after its last one every 1 / fps.
 * Before they are known, and where the source has none, all of them are 1 / fps apart.
 */
export class FrameTimes {
  readonly #times: readonly number[];
  readonly #fps: number;

  constructor(times: readonly number[], fps: number) {
    this.#times = times;
    this.#fps = fps;
  }

  /** Seconds at which frame `index` is shown first. */
  at(index: number): number {
    const last = this.#times.length - 1;
    if (index <= 0) return 0; // a source that starts late still starts the timeline
    return index <= last
      ? this.#times[index]!
      : (last < 0 ? 0 : this.#times[last]!) + (index - Math.max(0, last)) / this.#fps;
  }

  /** The frame shown at `seconds`. */
  indexAt(seconds: number): number {
    const times = this.#times;
    const last = times.length - 1;
    if (last < 0) return Math.max(0, Math.floor((seconds + SLACK) * this.#fps));
    if (seconds + SLACK >= times[last]!) return last + Math.floor((seconds + SLACK - times[last]!) * this.#fps);
    let [low, high] = [0, last]; // times[low] is at or before `seconds`
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= seconds + SLACK) low = middle;
      else high = middle;
    }
    return low;
  }

  /** When the frame shown at `seconds` began. */
  floor(seconds: number): number {
    return this.at(this.indexAt(seconds));
  }

  /** The time of the frame that many frames further on, or back; never before the first. */
  step(seconds: number, frames: number): number {
    return this.at(Math.max(0, this.indexAt(seconds) + frames));
  }
}
