import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { LiveRequest } from '../../../shared/contract/live.ts';
import { PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { changedBundle, TINY } from '../engine/bundles.fixture.ts';
import { openAvatar, restingExpression } from '../engine/index.ts';
import { LipGap } from '../engine/speech/index.ts';
import { hear, mannerOf, type Performance, performanceOf } from '../takes/index.ts';
import { clip, engines, folder, OPEN, plain, session, take, waveform } from './session.fixture.ts';
import type { LiveSource } from './session.ts';

const direct = await openAvatar(TINY, { threads: 1, graph: 'fast' });
afterAll(() => direct.close());

/** What an export shows of a take. */
async function written(more: Partial<Take>): Promise<Performance> {
  const { pose, speech, lanes } = take(more);
  const said = await hear(direct, { samples: waveform.slice(), begins: 0 }, { fps: 25, end: 50 });
  return performanceOf(direct, { pose, lanes, manner: mannerOf(direct, speech, lanes), said });
}

describe('a live line', () => {
  it('shows exactly what an export writes', async () => {
    const { line, tell } = session();
    tell(OPEN);
    tell({ type: 'take', serial: 1, take: take({ pose: { kind: 'source', startFrame: 3 } }) });
    const ready = await line.next('ready');
    expect(ready).toMatchObject({ height: 200, fps: 25, graph: 'fast' });
    await line.next('motion');
    const exported = await written({ pose: { kind: 'source', startFrame: 3 } });
    for (const frame of [0, 30, 49]) {
      tell({ type: 'frame', serial: 100 + frame, frame });
      const picture = await line.picture(100 + frame);
      const { control } = exported.frame(frame);
      const expected = await direct.drawPortrait(control, { height: 200 });
      expect([picture.frame, picture.width, picture.height]).toEqual([frame, ready.width, ready.height]);
      expect(picture.expression).toEqual(control.expression);
      expect(picture.rotation).toEqual(control.rotation);
      expect(picture.translation).toEqual(control.translation);
      expect([...picture.view]).toEqual([
        expected.view.x0,
        expected.view.y0,
        expected.view.width,
        expected.view.height,
      ]);
      expect(Buffer.compare(picture.rgba, expected.pixels)).toBe(0);
      expect(picture.drawMs).toBeGreaterThan(0);
    }
  });

  it('tells how far the mouth opens and at which pitch, frame by frame', async () => {
    const { line, tell } = session();
    tell(OPEN);
    tell({ type: 'take', serial: 9, take: take() });
    const motion = await line.next('motion');
    expect(motion).toMatchObject({ serial: 9, fps: 25, frames: 50 });
    expect(motion.aperture).toHaveLength(50);
    expect(motion.pitch).toHaveLength(50);
    expect(motion.aperture[40]! - motion.aperture[5]!).toBeGreaterThan(0.02);
    expect(motion.pitch[5]).toBeNull(); // silence
  });

  it('speaks as strongly as the take says without hearing it again, and the curve of its mouth follows', async () => {
    const mix = vi.fn<LiveSource['mix']>(plain);
    const { line, tell } = session({ mix });
    const clips = [clip({ id: 'strong' })]; // which nobody has asked for before
    tell(OPEN);
    tell({ type: 'take', serial: 1, take: take({ clips }) });
    const usual = await line.next('motion');
    tell({ type: 'take', serial: 2, take: take({ clips, speech: { ...PLAIN_SPEECH, strength: 0.6 } }) });
    const weak = await line.next('motion', 2);
    expect(mix).toHaveBeenCalledTimes(1);
    expect(weak.aperture[5]).toBe(usual.aperture[5]); // shut
    expect((weak.aperture[40]! - weak.aperture[5]!) / (usual.aperture[40]! - usual.aperture[5]!)).toBeCloseTo(0.6, 1);
    const exported = await written({ speech: { ...PLAIN_SPEECH, strength: 0.6 } });
    tell({ type: 'frame', serial: 3, frame: 40 });
    expect((await line.picture(3)).expression).toEqual(exported.frame(40).control.expression);
  });

  it('names the styles of its avatar, and refuses a take that leans towards another', async () => {
    const { line, tell } = session();
    tell(OPEN);
    expect((await line.next('ready')).styles).toEqual([]); // the tiny avatar's video is a moment long
    tell({ type: 'take', serial: 1, take: take({ speech: { ...PLAIN_SPEECH, style: { entry: 2, amount: 0.5 } } }) });
    expect(await line.next('failed')).toMatchObject({
      serial: 1,
      error: { code: 'bad-request', message: expect.stringContaining('no style') as string },
    });
  });

  it('says whether its avatar knows other mouths, and refuses a take that asks one that does not', async () => {
    const { line, tell } = session();
    tell(OPEN);
    expect((await line.next('ready')).varies).toBe(false);
    tell({ type: 'take', serial: 1, take: take({ speech: { ...PLAIN_SPEECH, temperature: 0.5 } }) });
    expect(await line.next('failed')).toMatchObject({
      serial: 1,
      error: { code: 'bad-request', hint: expect.stringContaining('temperature') as string },
    });
    tell({ type: 'take', serial: 2, take: take({ clips: [], speech: { ...PLAIN_SPEECH, temperature: 0.5 } }) });
    expect(await line.next('motion')).toMatchObject({ serial: 2, frames: 0 }); // nothing is said, so nothing is refused
  });

  it('says things the likely way at any temperature while its avatar is a checkpoint', async () => {
    const checkpoint = { step: 4, steps: 10, stage: 'std', savedAt: '2026-01-01T00:00:00.000Z' };
    const path = await changedBundle(join(folder, 'checkpoint.likeness'), {
      manifest: (manifest) => (manifest['checkpoint'] = checkpoint),
    });
    const { line, tell } = session({ path });
    tell(OPEN);
    expect(await line.next('ready')).toMatchObject({ varies: false, checkpoint });
    tell({ type: 'take', serial: 1, take: take() });
    const likely = await line.next('motion');
    tell({ type: 'take', serial: 2, take: take({ speech: { ...PLAIN_SPEECH, temperature: 0.5 } }) });
    expect((await line.next('motion', 2)).aperture).toEqual(likely.aperture);
  });

  it('rests with its mouth closed when there is nothing to say, before a take and behind its last sound', async () => {
    const rest = restingExpression(direct.rig);
    const gap = new LipGap(direct.rig);
    const gaps = Array.from({ length: direct.rig.lleBank.length / 64 }, (_, row) =>
      gap.at(direct.rig.lleBank, row),
    ).sort((a, b) => a - b);
    expect(gap.at(rest, 0)).toBeLessThanOrEqual(gaps[Math.floor(gaps.length * 0.1)]!);

    const { line, tell } = session();
    tell(OPEN);
    tell({ type: 'frame', serial: 1, frame: 7 });
    const before = await line.picture(1);
    expect(before.expression[0]).toBeCloseTo(rest[0]!);
    tell({ type: 'take', serial: 2, take: take({ clips: [] }) });
    expect(await line.next('motion')).toMatchObject({ serial: 2, frames: 0, aperture: [], pitch: [] });
    tell({ type: 'take', serial: 3, take: take() });
    await line.next('motion', 2);
    tell({ type: 'frame', serial: 4, frame: 49 });
    tell({ type: 'frame', serial: 5, frame: 50 });
    expect((await line.picture(4)).expression[0]).toBeGreaterThan(rest[0]! + 0.3);
    expect((await line.picture(5)).expression[0]).toBeCloseTo(rest[0]!);
  });

  it('draws the first and the newest of many wishes, and none between', async () => {
    const { line, tell } = session();
    tell(OPEN);
    await line.next('ready');
    for (let serial = 1; serial <= 20; serial++) tell({ type: 'frame', serial, frame: serial });
    await line.picture(20);
    expect(line.pictures.map(({ serial }) => serial)).toEqual([1, 20]);
  });

  it('draws nothing while pictures wait on the line, and then what is wanted by then', async () => {
    const { line, live, tell } = session();
    tell(OPEN);
    const { width, height } = await line.next('ready');
    line.buffered = 2 * width * height * 4 + 1;
    tell({ type: 'frame', serial: 1, frame: 1 });
    await sleep(100);
    tell({ type: 'frame', serial: 2, frame: 2 });
    expect(line.pictures).toEqual([]);
    line.buffered = 0;
    live.drained();
    await line.picture(2);
    expect(line.pictures.map(({ serial }) => serial)).toEqual([2]);
  });

  it('gives up a take that a newer one replaces', async () => {
    const given: AbortSignal[] = [];
    const mix: LiveSource['mix'] = (_project, { clips }, signal) => {
      given.push(signal);
      return clips[0]!.id === 'slow'
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
        : plain('', { clips }, signal);
    };
    const { line, tell } = session({ mix });
    tell(OPEN);
    await line.next('ready');
    tell({ type: 'take', serial: 1, take: take({ clips: [clip({ id: 'slow' })] }) });
    tell({ type: 'take', serial: 2, take: take({ clips: [clip({ id: 'quick', seconds: 1.96 })] }) });
    expect(await line.next('motion')).toMatchObject({ serial: 2, frames: 49 });
    expect(given.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(line.replies.filter(({ type }) => type !== 'ready')).toHaveLength(1); // not a word of the first
  });

  it('works out a sound once: another pose, and another window, find it again', async () => {
    let mixed = 0;
    const mix: LiveSource['mix'] = (...what) => {
      mixed += 1;
      return plain(...what);
    };
    const clips = [clip({ id: 'once', seconds: 1.5 })];
    const first = session({ mix });
    first.tell(OPEN);
    first.tell({ type: 'take', serial: 1, take: take({ clips }) });
    await first.line.next('motion');
    first.tell({ type: 'take', serial: 2, take: take({ clips, pose: { kind: 'still', frame: 4 } }) });
    await first.line.next('motion', 2);
    const second = session({ mix });
    second.tell(OPEN);
    second.tell({ type: 'take', serial: 1, take: take({ clips }) });
    await second.line.next('motion');
    expect(mixed).toBe(1);
  });

  it('says why a take cannot be spoken, and goes on with the one before', async () => {
    const { line, tell } = session();
    tell(OPEN);
    await line.next('ready');
    tell({ type: 'take', serial: 1, take: take() });
    await line.next('motion');
    tell({ type: 'take', serial: 2, take: take({ clips: [clip({ at: 3599 })] }) });
    expect(await line.next('failed')).toMatchObject({ serial: 2, error: { code: 'bad-request' } });
    tell({ type: 'frame', serial: 3, frame: 40 });
    expect((await line.picture(3)).expression[0]).toBeGreaterThan(0.3);
  });

  it('ends when its engine fell over, and the next line gets a new one', async () => {
    const path = await changedBundle(join(folder, 'falls.likeness'), {});
    const { line, tell } = session({ path });
    tell(OPEN);
    await line.next('ready');
    const { avatar, release } = await engines.lease(path);
    await avatar.close();
    release();
    tell({ type: 'frame', serial: 1, frame: 1 });
    expect(await line.next('failed')).toMatchObject({ serial: null, error: { code: 'internal' } });
    expect(line.closed).toBe(true);
    const again = session({ path });
    again.tell(OPEN);
    again.tell({ type: 'frame', serial: 1, frame: 1 });
    await again.line.picture(1);
  });

  it('says so when there is no avatar', async () => {
    const { line, tell } = session({ path: join(folder, 'nowhere') });
    tell(OPEN);
    expect(await line.next('failed')).toMatchObject({ serial: null, error: { code: 'not-found' } });
    expect(line.closed).toBe(true);
  });

  it('shows what is keyed as an export does, says how far it may go, and what would be there without', async () => {
    const { line, tell } = session();
    tell(OPEN);
    const { ranges } = await line.next('ready');
    const { from, to } = ranges['head.yaw']!;
    const keys = [{ id: 'k', at: 0, value: (from + to) / 2, curve: 'hold' as const }];
    const lanes = { 'head.yaw': { keys, muted: false, solo: false } };
    tell({ type: 'take', serial: 1, take: take({ lanes }) });
    await line.next('motion');
    tell({ type: 'frame', serial: 2, frame: 40 });
    tell({ type: 'unkeyed', serial: 3, lane: 'head.yaw', first: 0, every: 10, count: 5 });
    const { serial, values } = await line.next('unkeyed');
    const looks = { lane: 'head.yaw', first: 0, every: 10, count: 5 } as const;
    expect([serial, values]).toEqual([3, (await written({})).unkeyed(looks)]);
    const exported = (await written({ lanes })).frame(40).control;
    expect((await line.picture(2)).rotation).toEqual(exported.rotation);
    expect(exported.rotation).not.toEqual((await written({})).frame(40).control.rotation);
    tell({ type: 'unkeyed', serial: 4, lane: 'head.yaw', first: 100_000_000, every: 1, count: 1 });
    expect(await line.next('failed')).toMatchObject({ serial: 4, error: { code: 'bad-request' } });
  });

  it('closed in the middle of a picture, an opening or a take, sends nothing more', async () => {
    const drawing = session();
    drawing.tell(OPEN);
    await drawing.line.next('ready');
    drawing.tell({ type: 'frame', serial: 1, frame: 1 });
    drawing.tell({ type: 'take', serial: 2, take: take({ clips: [clip({ id: 'never' })] }) });
    drawing.live.close();
    drawing.line.close(); // a closed line throws at whoever sends
    const opening = session();
    opening.tell(OPEN);
    opening.live.close();
    opening.line.close();
    await sleep(200);
    expect(drawing.line.replies.map(({ type }) => type)).toEqual(['ready']);
    expect(opening.line.replies).toEqual([]);
  });
});

it('two windows of different sizes share one engine and each gets its own size', async () => {
  const [small, large] = [session(), session()];
  small.tell(OPEN);
  large.tell({ ...OPEN, height: 300 } as LiveRequest);
  await Promise.all([small.line.next('ready'), large.line.next('ready')]);
  for (let serial = 1; serial <= 4; serial++) {
    small.tell({ type: 'frame', serial, frame: serial });
    large.tell({ type: 'frame', serial, frame: serial });
    expect([(await small.line.picture(serial)).height, (await large.line.picture(serial)).height]).toEqual([200, 300]);
  }
});
