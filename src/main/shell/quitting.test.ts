import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { closeBeforeQuitting } from './quitting.ts';

/** As Electron does: will-quit runs the microtasks too, and a quit() during it is dropped. */
class FakeApp extends EventEmitter {
  ended = false;
  #quitting = false;

  quit = (): void => {
    if (this.#quitting) return;
    this.#quitting = true;
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    queueMicrotask(() =>
      queueMicrotask(() =>
        queueMicrotask(() =>
          queueMicrotask(() => {
            this.#quitting = false;
            this.ended = !prevented;
          }),
        ),
      ),
    );
  };
}

it('ends the program, also when there was nothing to wait for', async () => {
  const app = new FakeApp();
  closeBeforeQuitting(app as never, async () => undefined);
  app.quit();
  await expect.poll(() => app.ended).toBe(true);
});

it('closes once, and ends only when that is done', async () => {
  const app = new FakeApp();
  const closing = Promise.withResolvers<void>();
  const close = vi.fn<() => Promise<void>>(() => closing.promise);
  closeBeforeQuitting(app as never, close);
  app.quit();
  await wait(5);
  app.quit();
  await wait(5);
  expect([close.mock.calls.length, app.ended]).toEqual([1, false]);
  closing.resolve();
  await expect.poll(() => app.ended).toBe(true);
  expect(close).toHaveBeenCalledTimes(1);
});

it('a failure is told, and ends it all the same', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue();
  const app = new FakeApp();
  closeBeforeQuitting(app as never, () => Promise.reject(new Error('The disk is full.')));
  app.quit();
  await expect.poll(() => app.ended).toBe(true);
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
});
