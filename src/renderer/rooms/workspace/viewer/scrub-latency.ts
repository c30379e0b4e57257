/** Names under which the browser's performance timeline keeps how long a scrub waited for its picture. */
export type ScrubMeasure = 'likeness:scrub-source' | 'likeness:scrub-avatar';

/** Entries beyond this push the oldest out; the timeline itself has no end. */
const MOST = 2000;

/**
 * From the moment a scrub asks for a frame to the moment its exact picture is painted. Wishes that a newer one
 * overtakes are not measured, only counted in the next entry's `detail`.
 */
export class ScrubLatency {
  readonly #name: ScrubMeasure;
  #waiting: { readonly frame: number; readonly since: number } | null = null;
  #overtaken = 0;
  #measured = 0;

  constructor(name: ScrubMeasure) {
    this.#name = name;
  }

  asked(frame: number): void {
    if (this.#waiting?.frame === frame) return;
    if (this.#waiting) this.#overtaken += 1;
    this.#waiting = { frame, since: performance.now() };
  }

  painted(frame: number): void {
    if (this.#waiting?.frame !== frame) return;
    if (++this.#measured % MOST === 0) performance.clearMeasures(this.#name);
    performance.measure(this.#name, {
      start: this.#waiting.since,
      end: performance.now(),
      detail: { frame, overtaken: this.#overtaken },
    });
    this.#waiting = null;
    this.#overtaken = 0;
  }

  /** The scrub is over, or shows something else now. */
  forget(): void {
    this.#waiting = null;
    this.#overtaken = 0;
  }
}
