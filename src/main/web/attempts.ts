/** How many are let through in a time: from one address, and from all, so that many addresses get no further. */
export interface Allowance {
  readonly windowMs: number;
  readonly fromOne: number;
  readonly fromAll: number;
}
const PASSWORDS: Allowance = { windowMs: 5 * 60_000, fromOne: 5, fromAll: 50 };

/**
 * Lets only so many passwords, or other requests, be tried. Behind a proxy all share one address, so strangers can use
 * up the attempts: that puts out nobody who is in, and a key from where the program runs opens the window without a
 * password. Never holds more addresses than attempts are let through.
 */
export class Attempts {
  readonly #now: () => number;
  readonly #allowance: Allowance;
  #tried: { readonly at: number; readonly address: string }[] = [];

  constructor(now: () => number = () => performance.now(), allowance: Allowance = PASSWORDS) {
    this.#now = now;
    this.#allowance = allowance;
  }

  /** Counts an attempt: 0 when it may be made, else the seconds until one may. */
  begin(address: string): number {
    const now = this.#now();
    const { windowMs, fromOne, fromAll } = this.#allowance;
    this.#tried = this.#tried.filter(({ at }) => now - at < windowMs);
    const mine = this.#tried.filter((one) => one.address === address);
    const full = mine.length >= fromOne ? mine : this.#tried.length >= fromAll ? this.#tried : undefined;
    if (full) return Math.ceil((full[0]!.at + windowMs - now) / 1000);
    this.#tried.push({ at: now, address });
    return 0;
  }

  /** The right password: what this address tried before is forgotten. */
  succeeded(address: string): void {
    this.#tried = this.#tried.filter((one) => one.address !== address);
  }
}
