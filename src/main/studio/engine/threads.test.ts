import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedBundle } from './closed.fixture.ts';
import { type Avatar, controlOf, type DubFrame, openAvatar } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-threads-'));
let path: string;
const open: Avatar[] = [];
const FRAMES = 10;

beforeAll(async () => void (path = await closedBundle(join(folder, 'closed.likeness'), { alone: true })));
afterAll(async () => {
  await Promise.all(open.map((avatar) => avatar.close()));
  await rm(folder, { recursive: true });
});

/** With all its threads ready. */
async function avatarOn(threads: number): Promise<Avatar> {
  const avatar = await openAvatar(path, { threads, graph: 'closed' });
  open.push(avatar);
  await avatar.bench({ height: 64, budgetMs: 1 });
  expect(avatar.atOnce).toBe(Math.min(threads, availableParallelism()));
  return avatar;
}

function frameOf({ idle, manifest: { source } }: Avatar, frame: number): DubFrame {
  const [width, height] = [2 * Math.floor(source.width / 2), 2 * Math.floor(source.height / 2)];
  const planes = Uint8Array.from({ length: width * height * 1.5 }, (_, i) => 90 + ((i * 7 + frame * 13) % 40));
  const shown = controlOf(idle, frame % idle.frames);
  const driven = { ...shown, expression: controlOf(idle, (frame + 5) % idle.frames).expression };
  return { picture: { width, height, planes }, zoom: 1, driven, source: shown, opacity: 1, seconds: 0.04 };
}

describe('an avatar on two threads', () => {
  it('draws and dubs what it does on one, to the bit, all pictures asked for at once', async () => {
    const [one, two] = [await avatarOn(1), await avatarOn(2)];
    const drawn = (avatar: Avatar) =>
      Promise.all(
        Array.from({ length: FRAMES }, async (_, frame) => {
          const [portrait, dub] = await Promise.all([
            avatar.drawPortrait(controlOf(avatar.idle, frame % avatar.idle.frames), { height: 96 }),
            avatar.dub(frameOf(avatar, frame)),
          ]);
          return [Buffer.from(portrait.pixels).toString('base64'), Buffer.from(dub.planes).toString('base64')];
        }),
      );
    const [alone, together] = [await drawn(one), await drawn(two)];
    expect(together).toEqual(alone);
    expect(new Set(alone.map(([, dub]) => dub)).size).toBe(FRAMES);
  });

  it('goes on after a frame that fails, and nobody waits for it', async () => {
    const avatar = await avatarOn(2);
    const frames = Array.from({ length: FRAMES }, (_, frame) => {
      const asked = frameOf(avatar, frame);
      const noPlanes = new DataView(new ArrayBuffer(8)) as unknown as Uint8Array;
      const planes = frame === 3 ? noPlanes : asked.picture.planes;
      return avatar.dub({ ...asked, picture: { ...asked.picture, planes } });
    });
    const ends = await Promise.allSettled(frames);
    expect(ends.map(({ status }) => status)).toEqual(frames.map((_, k) => (k === 3 ? 'rejected' : 'fulfilled')));
    const taken = frameOf(avatar, 0);
    structuredClone(taken.picture.planes, { transfer: [taken.picture.planes.buffer as ArrayBuffer] });
    expect(() => avatar.dub(taken)).toThrow('transfer');
    expect((await avatar.dub(frameOf(avatar, 1))).planes.length).toBeGreaterThan(0);
  });

  it('is closed while frames are under way: those are finished, later ones refused', async () => {
    const avatar = await avatarOn(2);
    const frames = Array.from({ length: FRAMES }, (_, frame) => avatar.dub(frameOf(avatar, frame)));
    await avatar.close();
    expect((await Promise.allSettled(frames)).every(({ status }) => status === 'fulfilled')).toBe(true);
    await expect(avatar.dub(frameOf(avatar, 0))).rejects.toThrow('closed');
  });

  it('is closed while its second thread is only starting', async () => {
    const avatar = await openAvatar(path, { threads: 2, graph: 'closed' });
    await avatar.close();
    expect(avatar.ended).toBe(true);
  });
});
