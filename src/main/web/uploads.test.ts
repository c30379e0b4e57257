import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MAY_MOUNT, NEEDS_MOUNT, smallDisk } from '../studio/library/small-disk.fixture.ts';
import { Uploads } from './uploads.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dir, { recursive: true });
});

const sent = (...parts: string[]): IncomingMessage =>
  Readable.from(parts.map((part) => Buffer.from(part))) as unknown as IncomingMessage;

it.skipIf(process.platform === 'win32')('nobody else on this computer can read what was dropped', async () => {
  const uploads = new Uploads(join(dir, 'uploads'));
  const file = uploads.path(await uploads.receive(sent('a', ' video'), 'Ada.MP4'));
  expect(readFileSync(file, 'utf8')).toBe('a video');
  expect([statSync(dirname(file)).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  await uploads.clear();
  expect(existsSync(join(dir, 'uploads'))).toBe(false);
});

it('only so much may wait to be used, and what is refused leaves nothing', async () => {
  const uploads = new Uploads(dir, { files: 2, bytes: 10 });
  const first = await uploads.receive(sent('12345'), 'a.mp4');
  await expect(uploads.receive(sent('123', '456'), 'b.mp4')).rejects.toMatchObject({ code: 'busy' });
  expect(readdirSync(dir)).toHaveLength(1);
  await uploads.receive(sent('12345'), 'b.mp4');
  await expect(uploads.receive(sent(''), 'c.mp4')).rejects.toMatchObject({ code: 'busy' });
  await uploads.discard(first);
  await uploads.receive(sent('12345'), 'c.mp4');
});

it('what nobody used for a day makes room', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const uploads = new Uploads(dir, { files: 1, bytes: 10 });
  const old = await uploads.receive(sent('12345'), 'a.mp4');
  vi.advanceTimersByTime(25 * 3600 * 1000);
  await uploads.receive(sent('1234567890'), 'b.mp4');
  expect(() => uploads.path(old)).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(readdirSync(dir)).toHaveLength(1);
});

it.skipIf(!MAY_MOUNT)(`a full disk says so, and leaves nothing (${NEEDS_MOUNT})`, async () => {
  const disk = smallDisk(1)!;
  try {
    const uploads = new Uploads(join(disk.dir, 'uploads'));
    await expect(uploads.receive(sent('x'.repeat(2_000_000)), 'a.mp4')).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(join(disk.dir, 'uploads'))).toEqual([]);
  } finally {
    disk.remove();
  }
});
