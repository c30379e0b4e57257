import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, type TensorValues, writeSafetensors } from '../../../../../shared/binary/index.ts';
import { type Bundle, type Control, openBundle, readIdle, readRig } from '../../bundle/index.ts';
import { changedBundle, TINY } from '../../bundles.fixture.ts';
import { controlOf, openAvatar } from '../../index.ts';
import { PIXELS, Proxies } from '../proxies.ts';
import { ClosedForm, readAppearance } from './index.ts';
import { spansOf } from './spans.ts';

vi.setConfig({ testTimeout: 90_000 }); // an engine takes its time to open on a busy computer
const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));
const APPEARANCE = 'appearance.safetensors';

let tiny: Bundle;
let content: Uint8Array;
beforeAll(async () => {
  tiny = await openBundle(TINY);
  content = await fixture(APPEARANCE);
});

const withAppearance = (bytes: Uint8Array): Bundle => ({
  ...tiny,
  files: new Map([...tiny.files, [APPEARANCE, bytes]]),
});

function probeControl(): Control {
  const { tensors } = parseSafetensors(tiny.files.get('probe.safetensors')!);
  const row = (name: string) => tensors.get(name)!.values as Float32Array;
  return {
    expression: row('expression'),
    gaze: row('gaze'),
    rotation: row('rotation'),
    translation: row('translation'),
    crop: row('crop'),
    torso: row('torso'),
  };
}

async function drawn(): Promise<ClosedForm> {
  const rig = readRig(tiny);
  const form = new ClosedForm(rig, readAppearance(withAppearance(content)));
  const proxies = new Proxies(rig, readIdle(tiny).torsoPose);
  proxies.place(probeControl());
  await form.draw(proxies, probeControl());
  return form;
}

/** The tiny avatar with the closed form, and what it draws in its probe. */
async function closedAvatar(name: string, change: (picture: Float32Array) => void = () => undefined): Promise<string> {
  const { tensors, metadata } = parseSafetensors(tiny.files.get('probe.safetensors')!);
  const picture = (await drawn()).multiplied.slice();
  change(picture);
  const rows = Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }]));
  const probe = writeSafetensors({ ...rows, rgba_closed: { shape: [256, 256, 4], values: picture } }, metadata);
  return changedBundle(join(folder, name), {
    files: { [APPEARANCE]: content, 'probe.safetensors': probe },
    manifest: (manifest) => (manifest['draws'] = 'closed'),
  });
}

describe('the closed form', () => {
  it('draws what the trainer draws from the same file', async () => {
    const { multiplied, rgba } = await drawn();
    const theirs = parseSafetensors(await fixture('probe-closed.safetensors')).tensors.get('rgba_closed')!.values;
    let strays = 0;
    let opaque = 0;
    for (let row = 0, k = 0; row < 256; row += 4)
      for (let column = 0; column < 256; column += 4)
        for (let c = 0; c < 4; c++, k++) {
          const at = (row * 256 + column) * 4 + c;
          if (!(Math.abs(multiplied[at]! - Number(theirs[k])) <= 1e-3)) strays++;
          if (c === 3 && Number(theirs[k]) > 0.99) opaque++;
        }
    // a pixel on a triangle's very edge may fall to its neighbour
    expect(strays).toBeLessThanOrEqual(theirs.length * 5e-4);
    expect(opaque).toBeGreaterThan(1000);
    for (let pixel = 0; pixel < PIXELS; pixel += 97) {
      const alpha = rgba[pixel * 4 + 3]! / 255;
      expect(Math.abs((rgba[pixel * 4]! / 255) * alpha - multiplied[pixel * 4]!)).toBeLessThan(0.005);
    }
  });

  it('is what an avatar is drawn by where its manifest says so: live, exported and dubbed', async () => {
    const path = await closedAvatar('closed.likeness');
    const expected = (await drawn()).rgba;
    for (const graph of ['auto', 'best', 'closed'] as const) {
      const avatar = await openAvatar(path, { threads: 1, graph });
      try {
        expect(avatar.graph).toBe('closed');
        expect(Buffer.compare((await avatar.drawHead(probeControl())).rgba, expected)).toBe(0);
        expect((await avatar.drawPortrait(controlOf(avatar.idle, 2), { height: 128 })).height).toBe(128);
      } finally {
        await avatar.close();
      }
    }
    const trained = await openAvatar(path, { threads: 1, graph: 'std' });
    expect(trained.graph).toBe('std');
    await trained.close();
  });

  it('is refused when it draws otherwise here than there, and is not found where there is none', async () => {
    const path = await closedAvatar('other.likeness', (picture) => picture.fill(0.5, 100_000, 101_000));
    await expect(openAvatar(path, { threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', detail: expect.stringContaining('closed form') }),
    );
    await expect(openAvatar(TINY, { threads: 1, graph: 'closed' })).rejects.toEqual(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('passes over what holds nothing', () => {
    const pictures = new Int8Array(2 * 3 * 5 * 4); // two pictures of three rows of five texels
    pictures[(5 + 1) * 4 + 3] = -1; // row 1, column 1 of the first
    pictures[(15 + 5 + 3) * 4] = 7; // row 1, column 3 of the second
    pictures[(15 + 10) * 4 + 1] = 7; // row 2, column 0
    expect([...spansOf(pictures, 5, 3)]).toEqual([0, 0, 1, 4, 0, 1]);
  });

  const hostile: [string, string, (values: TensorValues) => void][] = [
    ['a weight that is no number', 'rest_traits', (values) => (values[5] = NaN)],
    ['a mean that is no number', 'mean', (values) => (values[5] = Infinity)],
    ['a triangle of points that are not there', 'around', (values) => (values[0] = 100_000)],
    ['textures beyond the chart', 'mouth_corner', (values) => (values[0] = 23)],
    ['textures before the chart', 'mouth_corner', (values) => (values[1] = -1)],
    ['a kernel without length', 'eyes_length', (values) => (values[0] = 0)],
    ['corners far away', 'corners', (values) => (values[3] = 1e9)],
  ];
  it.each(hostile)('is refused with %s', (_, name, change) => {
    const { tensors, metadata } = parseSafetensors(content);
    const rows = Object.fromEntries(
      [...tensors].map(([key, { shape, values }]) => [key, { shape, values: values.slice() }]),
    );
    change(rows[name]!.values);
    expect(() => readAppearance(withAppearance(writeSafetensors(rows, metadata)))).toThrow(
      expect.objectContaining({ code: 'bad-bundle' }),
    );
  });

  it.each(['mean', 'room', 'eyes_bank', 'rest_textures', 'mouth_traits'])(
    'is refused without %s, or less of it',
    (name) => {
      const { tensors, metadata } = parseSafetensors(content);
      const rows = Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }]));
      const { [name]: taken, ...without } = rows;
      const [first, ...rest] = taken!.shape as [number, ...number[]];
      const less = {
        shape: [first - 1, ...rest],
        values: taken!.values.slice(0, (taken!.values.length / first) * (first - 1)),
      };
      for (const changed of [without, { ...without, [name]: less }])
        expect(() => readAppearance(withAppearance(writeSafetensors(changed, metadata)))).toThrow(
          expect.objectContaining({ code: 'bad-bundle' }),
        );
    },
  );
});
