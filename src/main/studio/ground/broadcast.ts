/** What waits for one listener: a job tells something a few times a second, so nobody is so far behind who reads. */
export const MOST_WAITING = 10_000;

/** Values for whoever listens at the moment; a listener gets those published after it began. */
export class Broadcast<T> {
  readonly #listeners = new Set<(value: T) => void>();

  publish(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  /** Ends when the signal does or the reader leaves, and for one who is too far behind: they have missed some. */
  async *listen(signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    const waiting: T[] = [];
    let wake = Promise.withResolvers<void>();
    const notify = (): void => wake.resolve();
    let isBehind = false;
    const listener = (value: T): void => {
      waiting.push(value);
      if (waiting.length > MOST_WAITING) {
        isBehind = true;
        waiting.length = 0;
        this.#listeners.delete(listener);
      }
      notify();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', notify);
    try {
      while (!signal?.aborted && !isBehind) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (signal?.aborted || isBehind) return;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      this.#listeners.delete(listener);
      signal?.removeEventListener('abort', notify);
    }
  }
}
