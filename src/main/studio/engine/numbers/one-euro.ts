/** How much of a movement is held back, and when: Hz, and Hz for each unit a second that it moves. */
export interface Steadiness {
  readonly still: number;
  readonly moving: number;
}

/** Of the speed by which a movement is let through more, Hz. */
const SPEED_CUTOFF = 1;

/**
 * A signal without its trembling: what hardly moves is smoothed much, what moves fast little, so that it is late by
 * less (Casiez, Roussel, Vogel: 1€ filter, CHI 2012).
 */
export class OneEuro {
  readonly #steadiness: Steadiness;
  #last: { readonly at: number; readonly value: number; readonly speed: number } | undefined;

  constructor(steadiness: Steadiness) {
    this.#steadiness = steadiness;
  }

  /** Of the newest value, at a moment in seconds; a moment that is not after the last one begins anew. */
  next(value: number, at: number): number {
    const last = this.#last;
    if (!last || at <= last.at) return this.#keep(at, value, 0);
    const seconds = at - last.at;
    const speed = towards(last.speed, (value - last.value) / seconds, SPEED_CUTOFF, seconds);
    const cutoff = this.#steadiness.still + this.#steadiness.moving * Math.abs(speed);
    return this.#keep(at, towards(last.value, value, cutoff, seconds), speed);
  }

  /** The next value is the first. */
  forget(): void {
    this.#last = undefined;
  }

  #keep(at: number, value: number, speed: number): number {
    this.#last = { at, value, speed };
    return value;
  }
}

/** A low pass of first order. */
function towards(before: number, value: number, cutoff: number, seconds: number): number {
  const share = 1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));
  return before + share * (value - before);
}
