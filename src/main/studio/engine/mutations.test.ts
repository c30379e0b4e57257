import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { StudioError } from '../../../shared/contract/index.ts';
import { controlOf, openAvatar, SPEECH_RATE } from './index.ts';
import { mutate } from './mutations.fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));

/** What came of opening a file, hearing and drawing: 'used', or the error's code and message. */
async function cameOf(path: string): Promise<string> {
  try {
    const avatar = await openAvatar(path, { graph: 'fast', threads: 1 });
    try {
      const { width, height, pixels } = await avatar.drawPortrait(controlOf(avatar.idle, 0), { height: 128 });
      expect(pixels).toHaveLength(width * height * 4);
      const motion = await avatar.motion(new Float32Array(SPEECH_RATE), avatar.manifest.source.fps);
      expect(motion.every(Number.isFinite)).toBe(true);
    } finally {
      if (!avatar.ended) await avatar.close();
    }
    return 'used';
  } catch (error) {
    return error instanceof StudioError ? error.code : String(error);
  }
}

test.each(Array.from({ length: 8 }, (_, part) => part))(
  'a bundle that is wrong somewhere is refused as one, or used as any other: part %i of 8',
  async (part) => {
    for (let seed = part; seed < 64; seed += 8) {
      const { what, path } = await mutate(seed, join(folder, `${seed}.likeness`));
      expect([what, await cameOf(path)]).toEqual([what, expect.stringMatching(/^(bad-bundle|used)$/)]);
      await rm(path);
    }
  },
);
