/** Lines to the tiny avatar that tests speak over; closed after each test. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import type { LiveRequest } from '../../../shared/contract/live.ts';
import { EMPTY_TAKE, type SoundClip, type Take } from '../../../shared/domain/take.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { openAvatar } from '../engine/index.ts';
import { Audience } from './audience.ts';
import { Engines } from './engines.ts';
import { TestLine } from './line.fixture.ts';
import { LiveSession, type LiveSource } from './session.ts';

export const folder = await mkdtemp(join(tmpdir(), 'likeness-live-'));
export const avatarPath = join(folder, 'avatar.likeness');
await copyFile(TINY, avatarPath);
// One graph, so that a test need not wait for the start-up benchmark.
export const engines = new Engines(() => 1, {
  open: (path, options) => openAvatar(path, { ...options, graph: 'fast' }),
});
afterAll(async () => {
  await engines.close();
  await rm(folder, { recursive: true });
});

export const clip = (more: Partial<SoundClip> = {}): SoundClip => ({
  id: 'a',
  sound: 'source',
  at: 0,
  start: 0,
  seconds: 2,
  ...more,
});
export const take = (more: Partial<Take> = {}): Take => ({
  ...EMPTY_TAKE,
  clips: [clip()],
  ...more,
});

/** A second of silence, then a loud one: what the tiny avatar opens its mouth at. */
export const waveform = Float32Array.from({ length: 32_000 }, (_, i) => (i < 16_000 ? 0 : i % 2 === 0 ? 0.15 : -0.15));
export const plain: LiveSource['mix'] = async () => ({ samples: waveform.slice(), closures: [] });

/** Who looks on at the project that `OPEN` shows. */
export const audience = new Audience();
/** Where nothing is set up that could look at pictures. */
export const noCamera: LiveSource['follow'] = async () => {
  throw new StudioError({ code: 'missing-tool', message: 'No trainer.', hint: 'Set it up.' });
};
const open: LiveSession[] = [];
export function session({
  mix = plain,
  follow = noCamera,
  lookMs = 60_000,
  path = avatarPath,
}: {
  mix?: LiveSource['mix'];
  follow?: LiveSource['follow'];
  lookMs?: number;
  path?: string | (() => string);
} = {}): {
  line: TestLine;
  live: LiveSession;
  tell: (request: LiveRequest) => void;
} {
  const line = new TestLine();
  const live = new LiveSession(
    { engines, audience, avatarPath: async () => (typeof path === 'function' ? path() : path), follow, mix },
    line,
    lookMs,
  );
  open.push(live);
  return { line, live, tell: (request) => live.receive(JSON.stringify(request)) };
}
afterEach(() => {
  for (const live of open.splice(0)) live.close();
});
export const OPEN: LiveRequest = { type: 'open', projectId: 'p', height: 200 };
