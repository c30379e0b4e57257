export interface LiveFigures {
  /** Pictures that came in the last second. */
  readonly fps: number;
  /** From a wish to its picture, median of the last ones. */
  readonly delayMs: number;
  /** Wishes that a newer one overtook, since the line opened. */
  readonly dropped: number;
}

const WINDOW_MS = 1000;
/** As many as a second of pictures. */
const REMEMBERED = 25;

/** How long wishes take to become pictures, how many pictures come, and which wishes were overtaken. */
export class Delays {
  readonly #sent = new Map<number, number>(); // serial -> when, in order
  readonly #delays: number[] = [];
  #arrivals: number[] = [];
  #dropped = 0;

  /** Milliseconds from a wish to its picture; 0 before the first. */
  get median(): number {
    const sorted = this.#delays.toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  sent(serial: number, now: number): void {
    this.#sent.set(serial, now);
  }

  /** Wishes sent before this one and not answered were overtaken. */
  arrived(serial: number, now: number): void {
    const at = this.#sent.get(serial);
    if (at === undefined) return;
    for (const earlier of this.#sent.keys()) {
      this.#sent.delete(earlier);
      if (earlier === serial) break;
      this.#dropped += 1;
    }
    this.#delays.push(now - at);
    if (this.#delays.length > REMEMBERED) this.#delays.shift();
    this.came(now);
  }

  /** A picture that nobody wished for. */
  came(now: number): void {
    this.#arrivals.push(now);
  }

  failed(serial: number): void {
    this.#sent.delete(serial);
  }

  figures(now: number): LiveFigures {
    this.#arrivals = this.#arrivals.filter((at) => now - at < WINDOW_MS);
    return { fps: this.#arrivals.length, delayMs: this.median, dropped: this.#dropped };
  }

  /** A new line begins: what was under way on the old one never comes, and its delays say nothing about the new one. */
  forget(): void {
    this.#sent.clear();
    this.#delays.length = 0;
    this.#arrivals = [];
    this.#dropped = 0;
  }
}
