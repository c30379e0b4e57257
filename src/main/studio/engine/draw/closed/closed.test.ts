import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors, type TensorValues, writeSafetensors } from '../../../../../shared/binary/index.ts';
import { type Bundle, type Control, openBundle } from '../../bundle/index.ts';
import { changedBundle, TINY } from '../../bundles.fixture.ts';
import { controlOf, openAvatar, tryAvatar } from '../../index.ts';
import { kernelFloats } from '../../kernels/index.ts';
import { PIXELS } from '../proxies.ts';
import {
  APPEARANCE,
  appearanceOf,
  closedBundle,
  drawnProbe,
  openedForm,
  type OpenedForm,
  probeControl,
  withAppearance,
} from '../../closed.fixture.ts';
import { readAppearance } from './index.ts';
import { spansOf } from './spans.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

let tiny: Bundle;
let content: Uint8Array;
let control: Control;
beforeAll(async () => {
  tiny = await openBundle(TINY);
  content = await appearanceOf();
  control = probeControl(tiny);
});

const opened = (bytes = content): OpenedForm => openedForm(tiny, bytes);
const closedAvatar = (name: string, how?: Parameters<typeof closedBundle>[1]): Promise<string> =>
  closedBundle(join(folder, name), how);

/** Part of the head crop at `side` pixels. */
function layer({ form, proxies }: OpenedForm, side: number, top = 0, height = side, shown = control): Float32Array {
  const out = kernelFloats(side * height * 4);
  const placement = { originX: 0, originY: 0, scale: 256 / side };
  form.layer(proxies, shown, placement, { left: 0, top, width: side, height }, out);
  return out;
}

/** The appearance with some of its tensors changed, or without those that are undefined. */
function changed(change: Record<string, Float32Array | undefined>): Uint8Array {
  const { tensors, metadata } = parseSafetensors(content);
  const rows = [...tensors].filter(([name]) => !(name in change) || change[name]);
  return writeSafetensors(
    Object.fromEntries(rows.map(([name, { shape, values }]) => [name, { shape, values: change[name] ?? values }])),
    metadata,
  );
}
const withoutDetail = (): Uint8Array =>
  changed(
    Object.fromEntries(
      [...parseSafetensors(content).tensors.keys()]
        .filter((name) => name.includes('detail'))
        .map((name) => [name, undefined]),
    ),
  );

describe('the closed form', () => {
  it('draws what the trainer draws from the same file', async () => {
    const { multiplied, rgba } = await drawnProbe(tiny, content);
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

  it('draws with its detail, at any size, what the trainer draws', async () => {
    const theirs = parseSafetensors(await fixture('probe-closed.safetensors')).tensors.get('rgba_finer')!.values;
    const ours = layer(opened(), 48);
    const without = layer(opened(withoutDetail()), 48);
    let strays = 0;
    let detail = 0;
    for (let i = 0; i < ours.length; i++) {
      const scale = i % 4 === 3 ? 1 : 255;
      if (!(Math.abs(ours[i]! / scale - Number(theirs[i])) <= 1e-3)) strays++;
      if (Math.abs(ours[i]! - without[i]!) > scale * 0.02) detail++;
    }
    expect(strays).toBeLessThanOrEqual(theirs.length * 5e-4);
    expect(detail).toBeGreaterThan(500);
  });

  it('draws with the sway of a frame what the trainer draws, and without one what it drew before', async () => {
    const { tensors } = parseSafetensors(await fixture('probe-closed.safetensors'));
    const sway = tensors.get('sway')!.values as Float32Array;
    const theirs = tensors.get('rgba_swayed')!.values;
    const plain = layer(opened(), 48);
    const ours = layer(opened(), 48, 0, 48, { ...control, sway });
    const scales = [255, 255, 255, 1];
    const strays = ours.filter((value, i) => !(Math.abs(value / scales[i % 4]! - Number(theirs[i])) <= 1e-3));
    expect(strays.length).toBeLessThanOrEqual(theirs.length * 5e-4);
    expect(ours.filter((value, i) => Math.abs(value - plain[i]!) > scales[i % 4]! * 0.02).length).toBeGreaterThan(150);
    expect(layer(opened(), 48, 0, 48, { ...control, sway: new Float32Array(128) })).toEqual(plain);
    const firm = changed({ loose: undefined });
    expect(layer(opened(firm), 48, 0, 48, { ...control, sway })).toEqual(layer(opened(firm), 48));
  });

  it('goes with the sway of its own motion from the file to the picture', async () => {
    const { tensors, metadata } = parseSafetensors(tiny.files.get('idle.safetensors')!);
    const rows = Object.fromEntries([...tensors].map(([name, { shape, values }]) => [name, { shape, values }]));
    const frames = rows['time']!.values.length;
    const values = Float32Array.from({ length: frames * 128 }, (_, k) => (k < 256 ? 0 : 8 * Math.sin(k)));
    const idle = (count: number) =>
      writeSafetensors({ ...rows, sway: { shape: [count, 8, 8, 2], values: values.slice(0, count * 128) } }, metadata);
    const swaying = (count: number) => closedAvatar('swaying.likeness', { files: { 'idle.safetensors': idle(count) } });
    const avatar = await openAvatar(await swaying(frames), { threads: 1 });
    try {
      const drawn = async (frame: number, still = false): Promise<Uint8Array> => {
        const { sway, ...rest } = controlOf(avatar.idle, frame);
        return (await avatar.drawHead(still || !sway ? rest : { ...rest, sway })).rgba;
      };
      expect(Buffer.compare(await drawn(1), await drawn(1, true))).toBe(0);
      expect(Buffer.compare(await drawn(5), await drawn(5, true))).not.toBe(0);
    } finally {
      await avatar.close();
    }
    await expect(openAvatar(await swaying(frames - 1), { threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle' }),
    );
  });

  it('sways where nothing is foretold, too', async () => {
    const { tensors } = parseSafetensors(await fixture('probe-closed.safetensors'));
    const names = [...parseSafetensors(content).tensors.keys()].filter((name) => name.startsWith('displacement'));
    const form = changed(Object.fromEntries(names.map((name) => [name, undefined])));
    const still = layer(opened(form), 48, 0, 48, { ...control, sway: new Float32Array(128) });
    expect(still).toEqual(layer(opened(form), 48));
    const sway = tensors.get('sway')!.values as Float32Array;
    expect(layer(opened(form), 48, 0, 48, { ...control, sway })).not.toEqual(still);
  });

  it('leaves its detail out where no pixel would show it', () => {
    expect(layer(opened(), 26)).toEqual(layer(opened(withoutDetail()), 26));
  });

  it('draws a picture of more pixels than it takes at once as it draws its parts', () => {
    const [width, height] = [512, 384]; // four parts
    const { form, proxies } = opened();
    const pixels = new Uint8Array(width * height * 4).fill(100);
    const placement = { originX: -10.25, originY: 20.5, scale: 256 / 420 };
    form.over({ width, height, pixels }, proxies, control, placement);
    const one = kernelFloats(4);
    for (const [x, y] of [
      [150, 21],
      [200, 127],
      [200, 128],
      [260, 300],
      [411, 200],
    ] as const) {
      form.layer(proxies, control, placement, { left: x, top: y, width: 1, height: 1 }, one);
      const wanted = [0, 1, 2].map((c) => Math.round(one[c]! + 100 * (1 - one[3]!)));
      const at = (y * width + x) * 4;
      expect([...pixels.subarray(at, at + 3)].map((level, c) => Math.abs(level - wanted[c]!) <= 1)).toEqual(
        wanted.map(() => true),
      );
    }
    expect(pixels.subarray(0, width * 20 * 4).every((level) => level === 100)).toBe(true);
    expect(pixels[(200 * width + 412) * 4]).toBe(100);
  });

  it('is what an avatar is drawn by where its manifest says so: live, exported and dubbed', async () => {
    const path = await closedAvatar('closed.likeness');
    const expected = (await drawnProbe(tiny, content)).rgba;
    for (const graph of ['auto', 'best', 'closed'] as const) {
      const avatar = await openAvatar(path, { threads: 1, graph });
      try {
        expect(avatar.graph).toBe('closed');
        expect(Buffer.compare((await avatar.drawHead(control)).rgba, expected)).toBe(0);
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
    const path = await closedAvatar('other.likeness', {
      change: (picture) => picture.fill(0.5, 100_000, 101_000),
    });
    await expect(openAvatar(path, { threads: 1 })).rejects.toEqual(
      expect.objectContaining({ code: 'bad-bundle', detail: expect.stringContaining('closed form') }),
    );
    await expect(openAvatar(TINY, { threads: 1, graph: 'closed' })).rejects.toEqual(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('may be all that an avatar holds', async () => {
    const path = await closedAvatar('alone.likeness', { alone: true });
    for (const graph of ['auto', 'best'] as const) {
      const avatar = await openAvatar(path, { threads: 1, graph });
      try {
        expect([avatar.graph, avatar.manifest.files['render.onnx']]).toEqual(['closed', undefined]);
        expect(Buffer.compare((await avatar.drawHead(control)).rgba, (await drawnProbe(tiny, content)).rgba)).toBe(0);
        expect((await avatar.motion(new Float32Array(16_000), 25)).length).toBe(25 * 64);
      } finally {
        await avatar.close();
      }
    }
    for (const graph of ['std', 'fast'] as const)
      await expect(openAvatar(path, { threads: 1, graph })).rejects.toEqual(
        expect.objectContaining({ code: 'not-found', message: expect.stringMatching(/holds no trained graph/) }),
      );
    await tryAvatar(path); // nor does one that comes from elsewhere need more
  });

  it('must be there where it draws, and the std graph where that does', async () => {
    for (const [draws, file] of [
      ['closed', APPEARANCE],
      ['std', 'render.onnx'],
    ] as const) {
      const path = await changedBundle(join(folder, `${draws}-missing.likeness`), {
        files: { [APPEARANCE]: content, [file]: null },
        manifest: (manifest) => (manifest['draws'] = draws),
      });
      await expect(openAvatar(path)).rejects.toEqual(
        expect.objectContaining({ code: 'bad-bundle', message: expect.stringContaining(`${file} is missing`) }),
      );
    }
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
    ['a detail of no known size', 'detail_scale', (values) => (values[0] = NaN)],
    ['textures beyond the detail', 'rest_detail_corner', (values) => (values[0] = 39)],
    ['a displacement that is no number', 'displacement_fields', (values) => (values[7] = NaN)],
    ['a sway of more than all', 'loose', (values) => (values[7] = 1.5)],
    ['a sway that is no number', 'loose', (values) => (values[7] = NaN)],
    ['a displacement without reach', 'displacement_length', (values) => (values[0] = 0)],
    ['textures that are mixed of what is no number', 'mouth_detail_coefficients', (values) => (values[0] = NaN)],
  ];
  it.each(hostile)('is refused with %s', (_, name, change) => {
    const { tensors, metadata } = parseSafetensors(content);
    const rows = Object.fromEntries(
      [...tensors].map(([key, { shape, values }]) => [key, { shape, values: values.slice() }]),
    );
    change(rows[name]!.values);
    expect(() => readAppearance(withAppearance(tiny, writeSafetensors(rows, metadata)))).toThrow(
      expect.objectContaining({ code: 'bad-bundle' }),
    );
  });

  it.each([
    'mean',
    'room',
    'eyes_bank',
    'rest_textures',
    'mouth_traits',
    'eyes_detail_coefficients',
    'detail_scale',
    'displacement_coefficients',
  ])('is refused without %s, or less of it', (name) => {
    const { tensors, metadata } = parseSafetensors(content);
    const rows = Object.fromEntries([...tensors].map(([key, { shape, values }]) => [key, { shape, values }]));
    const { [name]: taken, ...without } = rows;
    const [first, ...rest] = taken!.shape as [number, ...number[]];
    const less = {
      shape: [first - 1, ...rest],
      values: taken!.values.slice(0, (taken!.values.length / first) * (first - 1)),
    };
    for (const changed of [without, { ...without, [name]: less }])
      expect(() => readAppearance(withAppearance(tiny, writeSafetensors(changed, metadata)))).toThrow(
        expect.objectContaining({ code: 'bad-bundle' }),
      );
  });
});
