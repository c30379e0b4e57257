import { expect, test, vi } from 'vitest';
import { Listeners, Store } from './store.ts';

test('a store tells of another value, and not of the same one', () => {
  const store = new Store(1);
  const listener = vi.fn<() => void>();
  const forget = store.subscribe(listener);
  store.set(1);
  expect(listener).not.toHaveBeenCalled();
  store.set(2);
  expect(store.get()).toBe(2);
  expect(listener).toHaveBeenCalledOnce();
  forget();
  store.set(3);
  expect(listener).toHaveBeenCalledOnce();
});

test('listeners are told what happened until they are taken off', () => {
  const arrivals = new Listeners<[frame: number]>();
  const [one, other] = [vi.fn<(frame: number) => void>(), vi.fn<(frame: number) => void>()];
  const forget = arrivals.subscribe(one);
  arrivals.subscribe(other);
  arrivals.tell(7);
  forget();
  arrivals.tell(8);
  expect(one.mock.calls).toEqual([[7]]);
  arrivals.clear();
  arrivals.tell(9);
  expect(other.mock.calls).toEqual([[7], [8]]);
});
