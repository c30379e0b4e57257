import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { interruptible } from './interrupt.ts';

it('what Ctrl-C ends is told as stopped, not as a fault', () => {
  const before = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
  const signal = interruptible(new PassThrough());
  const added = (['SIGINT', 'SIGTERM'] as const).flatMap((name) =>
    process.listeners(name).flatMap((stop) => (before[name].includes(stop) ? [] : [{ name, stop }])),
  );
  added[0]!.stop('SIGINT');
  for (const { name, stop } of added) process.off(name, stop);
  expect(() => signal.throwIfAborted()).toThrow(expect.objectContaining({ code: 'cancelled' }));
});
