import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { comeBack } from './come-back.ts';

const contents = Object.assign(new EventEmitter(), {
  loadURL: vi.fn<(url: string) => Promise<void>>(async () => undefined),
  isDestroyed: () => false,
});
const giveUp = vi.fn<(reason: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  comeBack(contents as unknown as WebContents, giveUp);
  contents.emit('did-navigate', {}, 'app://window/');
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
  contents.removeAllListeners();
});

const crash = (reason = 'crashed') => contents.emit('render-process-gone', {}, { reason });

it('after a crash the page that was open is shown again', () => {
  contents.emit('did-navigate-in-page', {}, 'app://window/#/project/x/perform', true);
  crash();
  expect(contents.loadURL.mock.calls).toEqual([['app://window/#/project/x/perform']]);
});

it('only if it is ours', () => {
  contents.emit('did-navigate-in-page', {}, 'about:blank#blocked', true);
  contents.emit('did-navigate-in-page', {}, 'app://window/#/in-a-frame', false);
  crash();
  expect(contents.loadURL.mock.calls).toEqual([['app://window/']]);
});

it('says so when it falls over again soon, and tries again when it held for a while', () => {
  crash();
  crash('oom');
  expect(giveUp.mock.calls).toEqual([['oom']]);
  vi.advanceTimersByTime(10_001);
  crash();
  expect(contents.loadURL).toHaveBeenCalledTimes(2);
  crash('clean-exit');
  expect(giveUp).toHaveBeenCalledOnce();
});

it.each(['about:blank', 'app://window/media/x/source'])('%s strands no window', (address) => {
  contents.emit('did-navigate-in-page', {}, 'app://window/#/project/x', true);
  contents.emit('did-navigate', {}, address);
  expect(contents.loadURL.mock.calls).toEqual([['app://window/#/project/x']]);
});
