import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, type Control, type Light, openBundle } from '../../bundle/index.ts';
import { TINY } from '../../bundles.fixture.ts';
import { appearanceOf, openedForm, type OpenedForm, probeControl } from '../../closed.fixture.ts';
import { personShares } from './person-shares.ts';

let tiny: Bundle;
let opened: OpenedForm;
let control: Control;
beforeAll(async () => {
  tiny = await openBundle(TINY);
  opened = openedForm(tiny, await appearanceOf());
  control = probeControl(tiny);
});

const AS_FILMED: Light = { yaw: 0, pitch: 0, intensity: 0, warmth: 0 };

async function drawn(light?: Partial<Light>): Promise<Float32Array> {
  const { form, proxies } = opened;
  await form.draw(proxies, light ? { ...control, light: { ...AS_FILMED, ...light } } : control);
  return form.multiplied.slice();
}

/** Mean of a colour over a part of the face, by its mesh: 0 is its left edge, 1 its right, likewise down. */
function mean(picture: Float32Array, channel: number, [from, to]: readonly [number, number], down = [0, 1]): number {
  const { screen } = opened.proxies;
  const edges = [0, 1].map((axis) => {
    const all = screen.filter((_, i) => i % 3 === axis);
    return [Math.min(...all), Math.max(...all)] as const;
  });
  const at = (axis: number, share: number): number =>
    edges[axis]![0] + (0.2 + 0.6 * share) * (edges[axis]![1] - edges[axis]![0]);
  let [sum, count] = [0, 0];
  for (let y = Math.ceil(at(1, down[0]!)); y < at(1, down[1]!); y++)
    for (let x = Math.ceil(at(0, from)); x < at(0, to); x++, count++) sum += picture[(y * 256 + x) * 4 + channel]!;
  return sum / count;
}
const [LEFT, RIGHT, WHOLE] = [[0, 0.3] as const, [0.7, 1] as const, [0, 1] as const];

describe('a light', () => {
  it('changes nothing at zero', async () => {
    expect(await drawn({ yaw: 60, pitch: 30 })).toEqual(await drawn());
  });

  it('brightens the side that it comes from, and leaves the other darker', async () => {
    const [plain, left, right] = [
      await drawn(),
      await drawn({ yaw: -60, intensity: 1 }),
      await drawn({ yaw: 60, intensity: 1 }),
    ];
    const change = (lit: Float32Array, side: readonly [number, number]) => mean(lit, 1, side) / mean(plain, 1, side);
    expect(change(left, LEFT) / change(left, RIGHT)).toBeGreaterThan(1.2);
    expect(change(right, RIGHT) / change(right, LEFT)).toBeGreaterThan(1.2);
    expect(change(right, LEFT)).toBeLessThan(0.95);
  });

  it('from above leaves what looks down darker', async () => {
    const [plain, top] = [await drawn(), await drawn({ pitch: 75, intensity: 1 })];
    const change = (down: readonly [number, number]) =>
      mean(top, 1, WHOLE, [...down]) / mean(plain, 1, WHOLE, [...down]);
    expect(change([0, 0.3])).toBeGreaterThan(1.05 * change([0.7, 1]));
  });

  it('stays where it is when the head turns: the cheek that turns to it is lit', async () => {
    const a = Math.PI / 6; // to the picture's right
    const turn = [Math.cos(a), 0, Math.sin(a), 0, 1, 0, -Math.sin(a), 0, Math.cos(a)];
    const lamp = { ...AS_FILMED, yaw: 60, intensity: 1 };
    const turned = { ...control, rotation: Float32Array.from(turn) };
    const { form, proxies } = opened;
    const level = async (of: Control): Promise<number> => {
      await form.draw(proxies, of); // the mesh stays as it is placed: what differs is the light alone
      return mean(form.multiplied, 1, [0.3, 0.7]);
    };
    const still = { ...turned, rotation: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
    const lit = async (of: Control) => (await level({ ...of, light: lamp })) / (await level(of));
    expect(await lit(turned)).toBeGreaterThan(1.1 * (await lit(still)));
  });

  it('that is warm has more red and less blue, and is about as bright', async () => {
    const [plain, warm, cold] = [await drawn(), await drawn({ warmth: 1 }), await drawn({ warmth: -1 })];
    const change = (lit: Float32Array, channel: number) => mean(lit, channel, WHOLE) / mean(plain, channel, WHOLE);
    expect(change(warm, 0)).toBeGreaterThan(1.03);
    expect(change(warm, 2)).toBeLessThan(0.9);
    expect(change(cold, 2)).toBeGreaterThan(1.1);
    expect(change(warm, 1)).toBeCloseTo(1, 1);
  });

  it('never changes what is there of the picture, nor the background around the person', async () => {
    const [plain, lit] = [await drawn(), await drawn({ yaw: 60, intensity: 1, warmth: 1 })];
    const around = (_: number, i: number): boolean => i % 4 === 3 || plain[i - (i % 4) + 3]! < 0.2;
    const most = lit
      .map((value, i) => (around(value, i) ? Math.abs(value - plain[i]!) : 0))
      .reduce((a, b) => Math.max(a, b));
    expect(most).toBeLessThan(0.01);
  });
});

describe('the person on a chart', () => {
  it('is what lies further within its alpha than that was grown', () => {
    const chart = new Float32Array(64 * 64 * 4);
    for (let row = 0; row < 64; row++)
      for (let column = 20; column < 64; column++) chart[(row * 64 + column) * 4 + 3] = 255;
    const shares = personShares(chart, 64);
    const row = Array.from(shares.subarray(32 * 64, 33 * 64));
    expect(row.slice(0, 22)).toEqual(Array.from({ length: 22 }, () => 0));
    // From 11 to 17 of 256, that is 4.25 texels; the picture's edge is none.
    expect(row.slice(24)).toEqual(Array.from({ length: 40 }, () => 1));
    expect(row[22]).toBeGreaterThan(0);
  });
});
