import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TensorFileError } from '../../../../shared/binary/index.ts';
import { changedBundle, TINY } from '../bundles.fixture.ts';
import { openBundle } from './bundle.ts';
import { checkCrops, checkMotion, checkRig } from './limits.ts';
import type { MotionTrack } from './motion-track.ts';
import { readIdle } from './read-idle.ts';
import { readRig } from './read-rig.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const tiny = await openBundle(TINY);
const { source } = tiny.manifest;
const [idle, rig] = [readIdle(tiny), readRig(tiny)];

describe('motion', () => {
  it.each<[string, Partial<MotionTrack>]>([
    ['of more frames than an hour has', { frames: 400_000 }],
    ['that never ends', { time: Float64Array.from(idle.time, (at, row) => (row === 19 ? Infinity : at)) }],
    ['of a day and more', { time: Float64Array.from(idle.time, (at) => at * 1e6) }],
    ['in a state that there is not', { state: idle.state.map(() => 5) }],
    ['from behind the moon', { translation: idle.translation.map(() => 1e9) }],
    ['of no rotation', { rotation: idle.rotation.map(() => 7) }],
    ['with a crop of no size', { crop: idle.crop.map(() => 0) }],
    ['with a crop of less than none', { crop: idle.crop.map(() => -1) }],
    ['with a crop beyond all pictures', { crop: idle.crop.map(() => 1e30) }],
    ['with a crop far from its picture', { crop: idle.crop.map(() => 1e5) }],
    ['that sways beyond its chart', { sway: new Float32Array(idle.frames * 128).fill(100) }],
    ['that sways by what is no number', { sway: new Float32Array(idle.frames * 128).fill(NaN) }],
    ['heard for longer than seen', { heard: new Float32Array(3 * 100 * 62) }],
  ])('%s is refused', (_what, change) =>
    expect(() => checkMotion({ ...idle, ...change }, source)).toThrow(TensorFileError),
  );

  it('of a person is not', () => expect(() => checkMotion(idle, source)).not.toThrow());

  it('may show a face that is larger than its picture', () =>
    expect(() => checkCrops(Float32Array.of(-80, -90, 320), source)).not.toThrow());
});

describe('a rig', () => {
  it.each([
    ['that sees nothing', { focal: 0 }],
    ['with a head of no size', { ellipsoid: rig.ellipsoid.map((value, at) => (at > 2 ? 0 : value)) }],
    ['with no shapes of its person', { lleBank: new Float32Array(0) }],
    ['with more shapes than any', { lleBank: new Float32Array(64 * 10_001) }],
    ['whose lowest is above its highest', { expressionLow: rig.expressionHigh.map((value) => value + 1) }],
    ['with a face of a kilometre', { neutral: rig.neutral.map(() => 1e5) }],
  ])('%s is refused', (_what, change) => expect(() => checkRig({ ...rig, ...change })).toThrow(TensorFileError));
});

describe('a manifest', () => {
  type Figures = Record<string, Record<string, unknown>>;
  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['fps 1e9', (manifest) => ((manifest as Figures)['source']!['fps'] = 1e9)],
    ['fps 1e-9', (manifest) => ((manifest as Figures)['source']!['fps'] = 1e-9)],
    ['fps 1e308', (manifest) => ((manifest as Figures)['source']!['fps'] = 1e308)],
    ['a width of 1e9', (manifest) => ((manifest as Figures)['source']!['width'] = 1e9)],
    [
      'a shape like a thread',
      (manifest) => Object.assign((manifest as Figures)['source']!, { width: 9000, height: 2 }),
    ],
    ['2^53 - 1 frames', (manifest) => ((manifest as Figures)['source']!['frames'] = 2 ** 53 - 1)],
    ['a lag of 1e308 s', (manifest) => ((manifest as Figures)['speech']!['lagSeconds'] = 1e308)],
    ['a name of 900,000 characters', (manifest) => (manifest['name'] = 'x'.repeat(900_000))],
    ['a preset of 900,000 characters', (manifest) => (manifest['preset'] = 'x'.repeat(900_000))],
  ])('with %s is refused, in few words', async (_what, manifest) => {
    const refusal: unknown = await openBundle(
      await changedBundle(join(folder, 'changed.likeness'), { manifest }),
    ).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bad-bundle' });
    expect(JSON.stringify(refusal).length).toBeLessThan(2000);
  });
});
