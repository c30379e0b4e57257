import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stuck, Watch } from './watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a thread that is asked for something and not heard of for a minute is given up, once', () => {
  const onSilent = vi.fn<() => void>();
  new Watch(() => true, onSilent);
  vi.advanceTimersByTime(59_000);
  expect(onSilent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(120_000);
  expect(onSilent).toHaveBeenCalledTimes(1);
});

test('one that is heard of may take an hour', () => {
  const onSilent = vi.fn<() => void>();
  const watch = new Watch(() => true, onSilent);
  for (let second = 0; second < 3600; second++) {
    vi.advanceTimersByTime(1000);
    watch.heard();
  }
  expect(onSilent).not.toHaveBeenCalled();
});

test('nothing is expected of one that is asked for nothing, or was stopped', () => {
  const onSilent = vi.fn<() => void>();
  new Watch(() => false, onSilent);
  new Watch(() => true, onSilent).stop();
  vi.advanceTimersByTime(600_000);
  expect(onSilent).not.toHaveBeenCalled();
});

test('a stuck avatar is the bundle’s fault', () => expect(stuck().code).toBe('bad-bundle'));
