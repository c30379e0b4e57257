import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseSafetensors, writeSafetensors } from '../../../../../shared/binary/index.ts';
import { CROP_SIDE, EXPRESSIONS, projectVertex, VERTICES } from '../../../../../shared/face/index.ts';
import { type Bundle, type Control, openBundle, readIdle, readRig, type Rig } from '../../bundle/index.ts';
import { TINY } from '../../bundles.fixture.ts';
import { appearanceOf, closedBundle, openedForm, probeControl } from '../../closed.fixture.ts';
import { openAvatar } from '../../index.ts';
import { Proxies } from '../proxies.ts';
import { ChartAddresses } from './addresses.ts';
import type { PreparedAppearance } from './prepared.ts';

const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
afterAll(() => rm(folder, { recursive: true }));
const RIG = 'rig.safetensors';
const [LIDS, CORNERS] = [
  { upper: [246, 161, 160, 159, 158, 157, 173], lower: [7, 163, 144, 145, 153, 154, 155] },
  { outer: 33, inner: 133 },
] as const;
const tiny = await openBundle(TINY);
const sighted = await withIrises(tiny);
const rig = withoutShapes(readRig(sighted));
const idle = readIdle(tiny);
const WHOLE = { left: 0, top: 0, width: CROP_SIDE, height: CROP_SIDE };
/** The tiny avatar has none: in the middle between the corners of each eye, with a radius of 0.6 cm. */
async function withIrises(bundle: Bundle): Promise<Bundle> {
  const { tensors, metadata } = parseSafetensors(bundle.files.get(RIG)!);
  const { neutral } = readRig(bundle);
  const around = [0, 0, 0.6, 0, 0, 0.6, -0.6, 0, 0, -0.6];
  const points = [
    [33, 133],
    [362, 263],
  ].flatMap(([a, b]) =>
    Array.from({ length: 15 }, (_, i) => {
      const [point, axis] = [Math.floor(i / 3), i % 3];
      const off = axis < 2 ? around[point * 2 + axis]! : 0;
      return (neutral[a! * 3 + axis]! + neutral[b! * 3 + axis]!) / 2 + off + (axis === 1 ? 0.2 : 0);
    }),
  );
  const rows = [...tensors].map(([name, { shape, values }]) => [
    name,
    { shape, values: name === 'iris_neutral' ? Float32Array.from(points) : values },
  ]);
  return { ...bundle, files: new Map([...bundle.files, [RIG, writeSafetensors(Object.fromEntries(rows), metadata)]]) };
}

/** One expression shuts the right eye, nothing else moves. */
function withoutShapes(known: Rig): Rig {
  const expressionBasis = new Float32Array(EXPRESSIONS * VERTICES * 3);
  LIDS.upper.forEach((vertex, n) => {
    for (let axis = 0; axis < 3; axis++)
      expressionBasis[vertex * 3 + axis] =
        known.neutral[LIDS.lower[n]! * 3 + axis]! - known.neutral[vertex * 3 + axis]!;
  });
  return { ...known, expressionBasis };
}

const shut = (share: number): Float32Array => new Float32Array(EXPRESSIONS).fill(share, 0, 1);
const seen = probeControl(tiny);
const own: Control = { ...seen, expression: shut(0), gaze: new Float32Array(4) };
const looking = (x: number, y: number, more: Partial<Control> = {}): Control => ({
  ...own,
  gaze: Float32Array.of(x, y, x, y),
  filmedGaze: own.gaze,
  ...more,
});

/** Of a chart on which everything lies where the eyes' own control has it in the crop: a pixel's address is itself. */
function addresses(control: Control): Float32Array {
  const proxies = new Proxies(rig, idle.torsoPose);
  proxies.place(own);
  const corners = new Float32Array(VERTICES * 2);
  for (let i = 0; i < VERTICES; i++) corners.set(proxies.screen.subarray(i * 3, i * 3 + 2), i * 2);
  const [empty, none] = [new Float32Array(0), new Int32Array(0)];
  const places = { corners, around: none, ring: empty, torso: empty, room: empty, displacement: null };
  const chart = new ChartAddresses(rig, places as Partial<PreparedAppearance> as PreparedAppearance);
  proxies.place(control);
  chart.pose(proxies.screen, control);
  return chart.of({ originX: 0, originY: 0, scale: 1 }, WHOLE).slice();
}

/** Of the right eye: where its iris is in the crop. */
function iris({ gaze, ...pose }: Control): { x: number; y: number } {
  const corner = (vertex: number, axis: number) => rig.neutral[vertex * 3 + axis]!;
  const width = Math.hypot(...[0, 1, 2].map((axis) => corner(CORNERS.inner, axis) - corner(CORNERS.outer, axis)));
  const at = rig.irisNeutral.slice(0, 3).map((cm, axis) => cm + (axis < 2 ? gaze[axis]! * width : 0));
  const out = new Float64Array(3);
  projectVertex(rig, pose, at, 0, out);
  const [x0, y0, size] = pose.crop as unknown as [number, number, number];
  return { x: ((out[0]! - x0) * CROP_SIDE) / size, y: ((out[1]! - y0) * CROP_SIDE) / size };
}

function addressAt(image: Float32Array, { x, y }: { x: number; y: number }): [number, number] {
  const at = (Math.floor(y) * CROP_SIDE + Math.floor(x)) * 2;
  return [image[at]! - (Math.floor(x) + 0.5), image[at + 1]! - (Math.floor(y) + 0.5)];
}

describe('eyes that look elsewhere than they were filmed', () => {
  it.each([
    ['right', 0.1, 0],
    ['left', -0.1, 0],
    ['up', 0, 0.04],
    ['down', 0, -0.04],
  ] as const)('show the filmed iris where it is now: to the %s', (_, x, y) => {
    const [was, is] = [iris(own), iris(looking(x, y))];
    const [dx, dy] = addressAt(addresses(looking(x, y)), is);
    expect(Math.hypot(is.x - was.x, is.y - was.y)).toBeGreaterThan(1);
    expect(dx).toBeCloseTo(was.x - is.x, 1);
    expect(dy).toBeCloseTo(was.y - is.y, 1);
  });

  it('change nothing beside the eyes, and nothing at all where they look as they did', () => {
    const [still, turned] = [addresses(own), addresses(looking(0.1, 0.02))];
    const changed = Array.from({ length: CROP_SIDE ** 2 }, (_, pixel) => pixel).filter(
      (pixel) => still[pixel * 2] !== turned[pixel * 2] || still[pixel * 2 + 1] !== turned[pixel * 2 + 1],
    );
    const { x, y } = iris(own);
    const reach = Math.abs(x - iris(looking(1, 0)).x) / 2 + 4; // half an eye
    const near = (pixel: number, [cx, cy]: readonly [number, number]) =>
      Math.abs((pixel % CROP_SIDE) - cx) < reach && Math.abs(Math.floor(pixel / CROP_SIDE) - cy) < reach;
    expect(changed.length).toBeGreaterThan(40);
    const right = changed.filter((pixel) => near(pixel, [x, y]));
    expect(right.length).toBeGreaterThan(20);
    expect(changed.length).toBeLessThan(2 * (2 * reach) ** 2);
    expect(addresses(looking(0, 0))).toEqual(still);
    expect(addresses({ ...looking(0.1, 0), filmedGaze: Float32Array.of(0.1, 0, 0.1, 0) })).toEqual(still);
  });

  it('never look up what lies behind the lids, nor fold', () => {
    const image = addresses(looking(0.12, 0));
    const row = Math.floor(iris(own).y);
    const left = Math.round(iris(looking(-0.4, 0)).x);
    const right = Math.round(iris(looking(0.4, 0)).x);
    for (let column = left; column < right; column++)
      expect(image[(row * CROP_SIDE + column + 1) * 2]!).toBeGreaterThan(image[(row * CROP_SIDE + column) * 2]!);
  });

  it('stay as they are where lids are shut', () => {
    const [closed, open] = [shut(0.95), shut(0)];
    const { x, y } = iris(own);
    const lids = { x, y: y + 1 };
    const moved = (expression: Float32Array) => {
      const [still, turned] = [own, looking(0.1, 0)].map((control) => addresses({ ...control, expression }));
      const [a, b] = [addressAt(still!, lids), addressAt(turned!, lids)];
      return Math.hypot(a[0] - b[0], a[1] - b[1]);
    };
    expect(moved(open)).toBeGreaterThan(0.5);
    expect(moved(closed)).toBe(0);
  });
});

it('what an avatar draws of a keyed gaze is what its closed form draws, mixed as the eyes were filmed', async () => {
  const path = await closedBundle(join(folder, 'closed.likeness'), {
    alone: true,
    files: { [RIG]: sighted.files.get(RIG)! },
  });
  const avatar = await openAvatar(path, { threads: 1 });
  try {
    const { form, proxies } = openedForm(sighted, await appearanceOf());
    const keyed = { ...seen, gaze: seen.gaze.map((value) => value + 0.15), filmedGaze: seen.gaze };
    proxies.place(keyed);
    await form.draw(proxies, keyed);
    const drawn = (await avatar.drawHead(keyed)).rgba;
    expect(Buffer.compare(drawn, form.rgba)).toBe(0);
    expect(Buffer.compare(drawn, (await avatar.drawHead(seen)).rgba)).not.toBe(0);
    const same = { ...seen, filmedGaze: seen.gaze };
    expect(Buffer.compare((await avatar.drawHead(same)).rgba, (await avatar.drawHead(seen)).rgba)).toBe(0);
  } finally {
    await avatar.close();
  }
});
