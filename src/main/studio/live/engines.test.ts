import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Avatar, AvatarOptions } from '../engine/index.ts';
import { Engines } from './engines.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-engines-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'avatar.likeness');

/** Stands for the engine, which has tests of its own: remembers how it was opened, and whether it was closed. */
class FakeEngine {
  readonly speeds: Avatar['speeds'];
  readonly options: AvatarOptions;
  readonly graph = 'fast';
  closed = false;
  constructor(options: AvatarOptions) {
    this.options = options;
    this.speeds = options.graph === 'auto' ? [{ model: 'fast', height: 360, fps: 40, p50Ms: 25, p95Ms: 30 }] : [];
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}
const opened: FakeEngine[] = [];
let refuse: StudioError | undefined;
const open = async (_path: string, options: AvatarOptions): Promise<Avatar> => {
  if (refuse) throw refuse;
  const engine = new FakeEngine(options);
  opened.push(engine);
  return engine as unknown as Avatar;
};
afterEach(() => void vi.useRealTimers());
beforeEach(async () => {
  opened.length = 0;
  refuse = undefined;
  await writeFile(path, 'an avatar');
});

describe('engines', () => {
  it('are shared by all who show the same file', async () => {
    const engines = new Engines(() => 2, { open });
    const leases = await Promise.all([engines.lease(path), engines.lease(path), engines.lease(path)]);
    expect(opened).toHaveLength(1);
    expect(new Set(leases.map(({ avatar }) => avatar)).size).toBe(1);
    await engines.close();
    expect(opened[0]!.closed).toBe(true);
  });

  it('are closed some time after the last one left, and not if somebody came back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const engines = new Engines(() => 2, { open, idleMs: 80 });
    const [first, second] = [await engines.lease(path), await engines.lease(path)];
    first.release();
    first.release(); // twice is once
    await vi.advanceTimersByTimeAsync(160);
    expect(opened[0]!.closed).toBe(false);
    second.release();
    await vi.advanceTimersByTimeAsync(79);
    const back = await engines.lease(path);
    await vi.advanceTimersByTimeAsync(160);
    expect([opened.length, opened[0]!.closed]).toEqual([1, false]);
    back.release();
    await vi.advanceTimersByTimeAsync(80);
    expect(opened[0]!.closed).toBe(true);
  });

  it('are opened the second time without the benchmark, with the graph that it picked', async () => {
    const engines = new Engines(() => 2, { open, idleMs: 0 });
    const first = await engines.lease(path);
    expect([first.engineFps, opened[0]!.options.graph]).toEqual([40, 'auto']);
    first.release();
    await expect.poll(() => opened[0]!.closed).toBe(true);
    const second = await engines.lease(path);
    expect([second.engineFps, opened[1]!.options.graph]).toEqual([40, 'fast']);
    second.release();
    await engines.close();
  });

  it('are not shared across a new training of the same avatar', async () => {
    const engines = new Engines(() => 2, { open });
    const before = await engines.lease(path);
    await utimes(path, 1, 1);
    const after = await engines.lease(path);
    expect([before.stamp === after.stamp, opened.length, opened[1]!.options.graph]).toEqual([false, 2, 'auto']);
    await engines.close();
    expect(opened.every(({ closed }) => closed)).toBe(true);
  });

  it('that could not be opened are tried again by the next one', async () => {
    const engines = new Engines(() => 2, { open });
    refuse = new StudioError({ code: 'bad-bundle', message: 'x', hint: 'y' });
    await expect(engines.lease(path)).rejects.toMatchObject({ code: 'bad-bundle' });
    refuse = undefined;
    await engines.lease(path);
    await expect(engines.lease(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' });
    await engines.close();
    await expect(engines.lease(path)).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('out of order are given to nobody else', async () => {
    const engines = new Engines(() => 2, { open });
    const [one, other] = [await engines.lease(path), await engines.lease(path)];
    one.discard();
    expect(opened[0]!.closed).toBe(false); // the other one finds out by itself
    expect((await engines.lease(path)).avatar).not.toBe(one.avatar);
    other.release();
    await expect.poll(() => opened[0]!.closed).toBe(true);
    await engines.close();
  });
});
