/** Values for whoever listens at the moment; a listener gets those published after it began. */
export class Broadcast<T> {
  readonly #listeners = new Set<(value: T) => void>();

  publish(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  /** Ends when the signal does or the reader leaves. */
  async *listen(signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    const waiting: T[] = [];
    let wake = Promise.withResolvers<void>();
    const notify = (): void => wake.resolve();
    const listener = (value: T): void => {
      waiting.push(value);
      notify();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', notify);
    try {
      while (!signal?.aborted) {
        while (waiting.length > 0) yield waiting.shift()!;
        if (signal?.aborted) return;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      this.#listeners.delete(listener);
      signal?.removeEventListener('abort', notify);
    }
  }
}
