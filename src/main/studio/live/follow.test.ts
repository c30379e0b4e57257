import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { changedBundle } from '../engine/bundles.fixture.ts';
import { avatarPath, folder, OPEN, session, take } from './session.fixture.ts';

describe('a live line whose avatar changes', () => {
  it('goes on with the new avatar when a training wrote one', async () => {
    const path = await changedBundle(join(folder, 'trained.likeness'), {});
    const { line, tell } = session({ lookMs: 20, path });
    tell(OPEN);
    tell({ type: 'take', serial: 1, take: take() });
    await line.next('motion');
    await changedBundle(join(folder, 'new.likeness'), {
      manifest: (manifest) => (manifest['name'] = 'Somebody trained again'),
    });
    await copyFile(join(folder, 'new.likeness'), path);
    await line.next('ready', 2);
    expect(await line.next('motion', 2)).toMatchObject({ serial: 1, frames: 50 });
    tell({ type: 'frame', serial: 2, frame: 40 });
    expect((await line.picture(2)).expression[0]).toBeGreaterThan(0.3);
  });

  it('goes over to a checkpoint, says which it is, and back', async () => {
    const checkpoint = { step: 40, steps: 100, stage: 'refine', savedAt: '2026-01-02T03:04:05.678Z' };
    const made = await changedBundle(join(folder, 'checkpoint.likeness'), {
      files: { 'report.json': null },
      manifest: (manifest) => (manifest['checkpoint'] = checkpoint),
    });
    let shown = avatarPath;
    const { line, tell } = session({ lookMs: 20, path: () => shown });
    tell(OPEN);
    expect(await line.next('ready')).toMatchObject({ checkpoint: null });
    shown = made;
    expect(await line.next('ready', 2)).toMatchObject({ checkpoint });
    tell({ type: 'frame', serial: 1, frame: 3 });
    await line.picture(1);
    shown = avatarPath;
    expect(await line.next('ready', 3)).toMatchObject({ checkpoint: null });
  });

  it('keeps the avatar it has while the file is not a whole one', async () => {
    const path = await changedBundle(join(folder, 'half.likeness'), {});
    const { line, tell } = session({ lookMs: 20, path });
    tell(OPEN);
    await line.next('ready');
    await rm(path);
    await sleep(60);
    await copyFile(new URL(import.meta.url), path);
    await sleep(200);
    tell({ type: 'frame', serial: 1, frame: 1 });
    await line.picture(1);
    expect(line.closed).toBe(false);
    expect(line.of('ready')).toHaveLength(1);
  });
});
