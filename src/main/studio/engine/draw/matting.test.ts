import { describe, expect, it } from 'vitest';
import { Matting } from './matting.ts';

type Colour = readonly [number, number, number];
type Paint = (x: number, y: number) => Colour;

const [BEYOND, SOFT] = [9, 3]; // 256ths, as a person's frames are cut out
const GREEN: Colour = [0, 255, 0];
const rim = (edge: number) => Math.min(Math.max(0.5 + edge / 2, 0), 1);
/** The normal distribution's, within .02. */
const grown = (edge: number) => 1 / (1 + Math.exp((-1.702 * (edge + BEYOND)) / SOFT));

interface Scene {
  readonly side: number;
  readonly person: Paint;
  readonly background: Paint;
  /** Of the person's disc, 256ths. */
  readonly middle?: readonly [number, number];
  /** What the avatar believes that is behind them. */
  readonly plate?: Paint;
}

/** Somebody round whose alpha is grown, taken off: mean distances from how they are over green in truth. */
function takenOff({ side, person, background, middle = [128, 140], plate = background }: Scene): {
  readonly before: number;
  readonly after: number;
  readonly holes: number;
} {
  const bytes = () => new Uint8Array(side * side * 4);
  const [multiplied, behind, bare] = [bytes(), bytes(), bytes()];
  const unit = side / 256;
  const truths: { edge: number; alpha: number; colour: Colour; filmed: Colour; shown: number }[] = [];
  for (let at = 0; at < side * side; at++) {
    const [x, y] = [((at % side) + 0.5) / unit, (Math.floor(at / side) + 0.5) / unit];
    const edge = 70 - Math.hypot(x - middle[0], y - middle[1]);
    const [alpha, shown, colour, back] = [rim(edge), grown(edge), person(x, y), background(x, y)];
    const filmed = colour.map((level, c) => level * alpha + back[c]! * (1 - alpha)) as unknown as Colour;
    truths.push({ edge, alpha, colour, filmed, shown });
    for (let c = 0; c < 3; c++) {
      multiplied[at * 4 + c] = Math.round(filmed[c]! * (Math.round(shown * 255) / 255));
      behind[at * 4 + c] = plate(x, y)[c]!;
    }
    multiplied[at * 4 + 3] = Math.round(shown * 255);
    behind[at * 4 + 3] = 255;
  }
  new Matting(side, side).separate(multiplied, behind, unit, bare);
  let [before, after, holes, count] = [0, 0, 0, 0];
  truths.forEach(({ edge, alpha, colour, filmed, shown }, pixel) => {
    const at = pixel * 4;
    const away = (found: ArrayLike<number>, share: number) =>
      Math.hypot(
        ...GREEN.map(
          (level, c) => found[c]! * share + level * (1 - share) - (colour[c]! * alpha + level * (1 - alpha)),
        ),
      );
    if (edge > 4) holes = Math.max(holes, 255 - bare[at + 3]!);
    if (shown < 0.02 || alpha === 1) return;
    count += 1;
    before += away(filmed, shown);
    after += away(bare.subarray(at, at + 3), bare[at + 3]! / 255);
  });
  return { before: before / count, after: after / count, holes };
}

const skin: Paint = () => [200, 150, 120];
const hair: Paint = (x, y) => {
  const strand = 12 * Math.sin(x * 1.7 + y * 0.6);
  return [60 + strand, 45 + strand, 40 + strand];
};
const wall: Paint = (x, y) => [70 + x / 8, 110 + y / 8, 170];
const stripes: Paint = (x) => (Math.floor(x / 12) % 2 === 0 ? [30, 90, 160] : [120, 180, 220]);

describe('a person is taken off their background', () => {
  it.each<{ name: string; scene: Scene }>([
    { name: 'skin before a wall', scene: { side: 256, person: skin, background: wall } },
    { name: 'hair before a wall', scene: { side: 256, person: hair, background: wall } },
    { name: 'more pixels', scene: { side: 600, person: hair, background: wall } },
    { name: 'fewer pixels', scene: { side: 144, person: skin, background: wall } },
    { name: 'a pattern that the plate shows', scene: { side: 256, person: skin, background: stripes } },
    {
      name: 'a wall that the plate does not show',
      scene: { side: 256, person: skin, background: wall, plate: () => [20, 20, 20] },
    },
  ])('and nothing of it stays in their border: $name', ({ scene }) => {
    const { before, after, holes } = takenOff(scene);
    expect(before).toBeGreaterThan(80);
    expect(after).toBeLessThan(8);
    expect(holes).toBeLessThan(40);
  });

  it('along the outline where both look alike', () => {
    const { before, after, holes } = takenOff({
      side: 256,
      person: () => [128, 128, 128],
      background: () => [130, 128, 126],
    });
    expect(after).toBeLessThan(before / 4);
    expect(holes).toBeLessThan(40);
  });

  it('and stays whole where the picture ends', () => {
    const { holes } = takenOff({ side: 256, person: skin, background: wall, middle: [128, 40] });
    expect(holes).toBeLessThan(40);
  });

  it('with colours as they are drawn further inside, and nothing outside', () => {
    const bare = new Uint8Array(64 * 64 * 4).fill(9);
    const whole = Uint8Array.from({ length: 64 * 64 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256));
    new Matting(64, 64).separate(whole, new Uint8Array(whole.length).fill(255), 0.25, bare);
    // Nobody is thought to be above a picture: that is decided by its colours.
    const below = 20 * 64 * 4;
    expect(Buffer.compare(bare.subarray(below), whole.subarray(below))).toBe(0);
    new Matting(64, 64).separate(new Uint8Array(whole.length), whole, 0.25, bare);
    expect(bare.every((level) => level === 0)).toBe(true);
  });
});
