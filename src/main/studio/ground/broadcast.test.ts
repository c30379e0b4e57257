import { expect, it } from 'vitest';
import { Broadcast, MOST_WAITING } from './broadcast.ts';

it('whoever listens and takes nothing is let go, while others get everything', async () => {
  const broadcast = new Broadcast<number>();
  const [idle, busy] = [broadcast.listen(), broadcast.listen()];
  const [first, mine] = [idle.next(), busy.next()];
  broadcast.publish(0);
  expect([await first, await mine]).toEqual([
    { value: 0, done: false },
    { value: 0, done: false },
  ]);
  for (let count = 1; count <= MOST_WAITING + 1; count++) {
    broadcast.publish(count);
    expect((await busy.next()).value).toBe(count);
  }
  expect(await idle.next()).toEqual({ value: undefined, done: true });
});

it('a late reader gets all that waits', async () => {
  const broadcast = new Broadcast<number>();
  const listening = broadcast.listen();
  const first = listening.next();
  for (let count = 0; count < MOST_WAITING; count++) broadcast.publish(count);
  expect((await first).value).toBe(0);
  for (let count = 1; count < MOST_WAITING; count++) expect((await listening.next()).value).toBe(count);
});
