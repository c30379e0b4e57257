import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from '../../../shared/binary/index.ts';
import { openBundle } from './bundle/index.ts';
import { changedBundle, TINY } from './bundles.fixture.ts';
import { floats, ints, model, node, port } from './onnx.fixture.ts';
import { openAvatar, SPEECH_RATE } from './index.ts';
import { tryAvatar } from './trial.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'likeness-test-'))));
afterAll(() => rm(folder, { recursive: true }));
const refused = (message: RegExp, detail: RegExp | null = null) =>
  expect.objectContaining({
    code: 'bad-bundle',
    message: expect.stringMatching(message),
    ...(detail ? { detail: expect.stringMatching(detail) } : {}),
  });

/** The tiny avatar with one tensor's values changed. */
async function withValues(file: string, name: string, change: (values: Float32Array) => void): Promise<string> {
  const { tensors, metadata } = parseSafetensors((await openBundle(TINY)).files.get(file)!);
  change(tensors.get(name)!.values as Float32Array);
  const bytes = writeSafetensors(
    Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }])),
    metadata,
  );
  return changedBundle(join(folder, `${name}.likeness`), { files: { [file]: bytes } });
}

/** Where the first column of features is sliced from, to, and along. */
const FIRST = { none: ints([1], [0]), one: ints([1], [1]), last: ints([1], [2]) };

/** motion.onnx whose expressions are all one number. */
const motionOf = (value: number): Uint8Array =>
  model({
    inputs: [port('features', [1, 'T', 4])],
    outputs: [port('expression', [1, 'T', 64])],
    constants: {
      rest: floats(
        [1, 1, 64],
        Array.from({ length: 64 }, () => value),
      ),
      ...FIRST,
      zero: floats([1], [0]),
    },
    nodes: [
      node('Slice', ['features', 'none', 'one', 'last'], ['first']),
      node('Mul', ['first', 'zero'], ['nothing']),
      node('Add', ['nothing', 'rest'], ['expression']),
    ],
  });

describe('an avatar from elsewhere', () => {
  it('that is whole is found usable', () => expect(tryAvatar(TINY)).resolves.toBeUndefined());

  it('that is not there is not found', () =>
    expect(tryAvatar(join(folder, 'nowhere'))).rejects.toEqual(expect.objectContaining({ code: 'not-found' })));

  it('with a crop that nobody has is refused', async () =>
    expect(tryAvatar(await withValues('idle.safetensors', 'crop', (all) => all.fill(1e30)))).rejects.toEqual(
      refused(/idle\.safetensors/, /crop/),
    ));

  it('that says nonsense is refused, and not drawn', async () => {
    for (const value of [Number.NaN, Infinity]) {
      const path = await changedBundle(join(folder, 'nonsense.likeness'), {
        files: { 'motion.onnx': motionOf(value) },
      });
      await expect(tryAvatar(path)).rejects.toEqual(refused(/speech models/, /expression holds/));
      const avatar = await openAvatar(path, { graph: 'fast', threads: 1 });
      await expect(avatar.motion(new Float32Array(SPEECH_RATE), 25)).rejects.toEqual(refused(/speech models/));
      await avatar.close();
    }
    const path = await changedBundle(join(folder, 'sense.likeness'), { files: { 'motion.onnx': motionOf(0.1) } });
    await expect(tryAvatar(path)).resolves.toBeUndefined();
  });

  it('whose numbers are of another kind is refused: their bytes would be taken for others', async () => {
    const halves = model({
      inputs: [port('features', [1, 'T', 4])],
      outputs: [port('expression', [1, 'T', 64], 'float16')],
      constants: { zero: floats([1], [0]), rest: floats([1, 1, 64], Array(64).fill(0.1)), ...FIRST },
      nodes: [
        node('Slice', ['features', 'none', 'one', 'last'], ['first']),
        node('Mul', ['first', 'zero'], ['nothing']),
        node('Add', ['nothing', 'rest'], ['wide']),
        node('Cast', ['wide'], ['expression'], { to: 10 }),
      ],
    });
    const path = await changedBundle(join(folder, 'halves.likeness'), { files: { 'motion.onnx': halves } });
    await expect(tryAvatar(path)).rejects.toEqual(refused(/speech models/, /no 32-bit floats/));
  });

  it.each([
    ['whatever it hears', [node('Identity', ['one'], ['share'])]],
    [
      'only of a loud sound',
      [
        node('Slice', ['features', 'none', 'one', 'last'], ['loudness']),
        node('ReduceMax', ['loudness'], ['loudest'], { keepdims: 0 }), // 0.39 of a hum, 1 of a square wave
        node('Mul', ['loudest', 'stretch'], ['stretched']),
        node('Floor', ['stretched'], ['floor']),
        node('Cast', ['floor'], ['share'], { to: 7 }),
      ],
    ],
    [
      'only of a long sound',
      [
        node('Shape', ['features'], ['shape']),
        node('Slice', ['shape', 'one', 'last', 'none'], ['rows']),
        node('Div', ['rows', 'many rows'], ['share']), // 0 of two seconds
      ],
    ],
  ])('that takes gigabytes is ended with the process that tried it: %s', async (_when, share) => {
    const hungry = model({
      inputs: [port('features', [1, 'T', 4])],
      outputs: [port('expression', [1, 'T', 64])],
      constants: {
        ...FIRST,
        many: ints([1], [1_000_000_000]),
        'many rows': ints([1], [3000]),
        stretch: floats([1], [1.5]),
        zero: floats([1], [0]),
        rest: floats([1, 1, 64], Array(64).fill(0.1)),
      },
      nodes: [
        ...share,
        node('Mul', ['many', 'share'], ['size']),
        node('ConstantOfShape', ['size'], ['all']),
        node('ReduceSum', ['all'], ['sum'], { keepdims: 0 }),
        node('Slice', ['features', 'none', 'one', 'last'], ['first']),
        node('Mul', ['first', 'zero'], ['nothing']),
        node('Add', ['nothing', 'sum'], ['base']),
        node('Add', ['base', 'rest'], ['expression']),
      ],
    });
    const path = await changedBundle(join(folder, 'hungry.likeness'), { files: { 'motion.onnx': hungry } });
    const before = process.memoryUsage.rss();
    await expect(tryAvatar(path, { mostBytes: 2 ** 30 })).rejects.toEqual(refused(/more memory|fell over/));
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 29);
  });

  it('that takes too long is ended', () =>
    expect(tryAvatar(TINY, { mostMs: 1 })).rejects.toEqual(refused(/longer to open/)));
});
