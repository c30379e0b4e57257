/** Wrong passwords in this time are counted. */
const WINDOW_MS = 5 * 60_000;
/** From one address, and from all of them together: whoever has many addresses gets no further. */
const FROM_ONE = 5;
const FROM_ALL = 50;

/**
 * Lets only so many passwords be tried. Behind a proxy all share one address, so strangers can use up the attempts:
 * that puts out nobody who is in, and a key from where the program runs opens the window without a password. Never
 * holds more addresses than attempts are let through.
 */
export class Attempts {
  readonly #now: () => number;
  #tried: { readonly at: number; readonly address: string }[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts an attempt: 0 when it may be made, else the seconds until one may. */
  begin(address: string): number {
    const now = this.#now();
    this.#tried = this.#tried.filter(({ at }) => now - at < WINDOW_MS);
    const mine = this.#tried.filter((one) => one.address === address);
    const full = mine.length >= FROM_ONE ? mine : this.#tried.length >= FROM_ALL ? this.#tried : undefined;
    if (full) return Math.ceil((full[0]!.at + WINDOW_MS - now) / 1000);
    this.#tried.push({ at: now, address });
    return 0;
  }

  /** The right password: what this address tried before is forgotten. */
  succeeded(address: string): void {
    this.#tried = this.#tried.filter((one) => one.address !== address);
  }
}
