import { useSyncExternalStore } from 'react';

/** Who wants to be told of something; the answer of `subscribe` takes the listener off again. */
export class Listeners<Told extends readonly unknown[] = []> {
  readonly #listeners = new Set<(...told: Told) => void>();

  readonly subscribe = (listener: (...told: Told) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  tell(...told: Told): void {
    for (const listener of this.#listeners) listener(...told);
  }

  clear(): void {
    this.#listeners.clear();
  }
}

/** One value, and who wants to be told when another takes its place. */
export class Store<Value> {
  #value: Value;
  readonly #changed = new Listeners();
  readonly subscribe = this.#changed.subscribe;

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  set(value: Value): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#changed.tell();
  }
}

/** What tells of its changes: a store, or anything larger that keeps listeners. */
export interface Followed {
  readonly subscribe: (listener: () => void) => () => void;
}
const nothing = () => () => undefined;

/** What `read` gives now; renders when that is another thing than before. With null nothing is followed. */
export function useFollowed<Value>(followed: Followed | null, read: () => Value): Value {
  return useSyncExternalStore(followed?.subscribe ?? nothing, read);
}

/** The value of a store; renders when it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
