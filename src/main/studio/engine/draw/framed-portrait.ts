import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { GEOMETRY } from '../../../../shared/format/index.ts';
import type { Control } from '../bundle/index.ts';
import { kernelOctets } from '../kernels/index.ts';
import { type AlphaBorder, Alone } from './alone.ts';
import { Backdrop, blurred } from './backdrop.ts';
import type { Picture, Placement } from './crop-layer.ts';
import type { Framing } from './framing.ts';
import type { Behind } from './portrait.ts';
import type { View } from './resample.ts';
import { Spread } from './spread.ts';

/** Radii of the round end of shoulders: across as a share of the picture's height, down of how high they are there. */
const ROUND = { across: 0.2, down: 1.25 } as const;
const LEAST_DOWN = 0.08;
const MOST_DOWN = 0.4;
/** How far from the side shoulders are looked for, shares of the height. */
const LOOKED_AT = { from: 0.04, to: 0.14 } as const;
/** Where something was drawn over a background, the sum of its three colours' differences. */
const DRAWN = 24;
/** Above them hair or a hand fades; at the very edge within this share of the height. */
const FADE = 0.03;

/** 256ths of the crop at its sides, where shoulders may be lost along with the border. */
const LOST = GEOMETRY.alphaBeyond + 5;

interface Make {
  readonly behind: Behind;
  readonly border: AlphaBorder;
  readonly rows: number;
}

/** Head and shoulders in a frame of another shape, over another background, or over none. */
export class FramedPortrait {
  readonly width: number;
  readonly height: number;
  readonly #framing: Framing;
  readonly #behind: Behind;
  readonly #own: Backdrop;
  readonly #blurred: Backdrop | null;
  readonly #alone: Alone | null; // over its own background the border of an alpha fits as it is
  readonly #spread: Spread | null;
  readonly #canvas: Uint8Array;

  constructor(plate: Picture, framing: Framing, { behind, border, rows }: Make) {
    const { width, height } = framing.size(rows);
    [this.width, this.height] = [width, height];
    this.#framing = framing;
    this.#behind = behind;
    this.#own = new Backdrop({ plate, scale: 1 }, this, framing.isStill);
    this.#blurred = behind === 'blurred' ? new Backdrop(blurred(plate), this, framing.isStill) : null;
    this.#alone = behind === 'own' ? null : new Alone(width, height, border);
    this.#spread = behind === 'none' ? new Spread(width, height) : null;
    this.#canvas = kernelOctets(width * height * 4);
  }

  /**
   * RGBA bytes of the picture into `out` [height,width,4]: what it holds is behind the person where the background is
   * given; without any, colours are straight, and of `none` go on beyond the person where alpha is 0. `draw` lays the
   * head over what is there. The answer is what of the source it shows.
   */
  compose(
    control: Control,
    { out }: { readonly out: Uint8Array },
    draw: (target: Picture, placement: Placement) => void,
  ): View {
    const [x0, y0, size] = control.crop as unknown as [number, number, number];
    const view = this.#framing.view(control);
    const zoom = this.height / view.height; // output pixels per source pixel
    const own = this.#own.of(view);
    const canvas = this.#canvas;
    if (this.#alone) canvas.fill(0);
    else canvas.set(own);
    draw(
      { width: this.width, height: this.height, pixels: canvas },
      { originX: (x0 - view.x0) * zoom, originY: (y0 - view.y0) * zoom, scale: CROP_SIDE / (size * zoom) },
    );
    const unit = (size * zoom) / CROP_SIDE;
    this.#alone?.separate(canvas, own, unit, canvas);
    const reach = this.#framing.reach(control);
    if (reach) {
      const [left, right] = reach.map((x) => (x - view.x0) * zoom) as [number, number];
      const lost = this.#alone ? LOST * unit : 0;
      this.#round(left + lost, 1, own);
      this.#round(right - lost, -1, own);
    }
    switch (this.#behind) {
      case 'own':
        out.set(canvas);
        break;
      case 'blurred':
        layStraight(canvas, this.#blurred!.of(view), out);
        break;
      case 'given':
        layStraight(canvas, out, out);
        break;
      case 'none':
        this.#spread!.spread(canvas);
        out.set(canvas);
        break;
      case 'alone':
        out.set(canvas);
    }
    return view;
  }

  /**
   * Shoulders end where the person is known no further: round, as if an arm went down there. `inward`: 1 is right.
   * Before their own background that comes in their place.
   */
  #round(edge: number, inward: 1 | -1, own: Uint8Array): void {
    const { width, height } = this;
    const across = ROUND.across * height;
    const down = this.#shoulders(edge, inward, own);
    const fade = Math.max(1, FADE * height);
    const pixels = this.#canvas;
    const [from, to] =
      inward === 1 ? [0, Math.min(width, Math.ceil(edge + across))] : [Math.max(0, Math.floor(edge - across)), width];
    for (let x = from; x < to; x++) {
      const inside = (x + 0.5 - edge) * inward; // how far from the edge, pixels
      const share = Math.min(Math.max(inside / across, 0), 1);
      const begins = height - down * Math.sqrt(1 - (1 - share) ** 2); // below it shoulders are whole
      const beside = smooth(share) * smooth(inside / fade);
      for (let y = 0, at = x * 4; y < height; y++, at += width * 4) {
        if (pixels[at + 3] === 0) continue;
        const whole = inside <= 0 ? 0 : Math.min(Math.max(y + 0.5 - begins, 0), 1);
        const kept = Math.max(whole, beside * smooth((height - down - y) / down + 0.5));
        if (kept >= 1) continue;
        if (this.#alone) pixels[at + 3] = Math.round(pixels[at + 3]! * kept);
        else for (let k = at; k < at + 3; k++) pixels[k] = Math.round(own[k]! + kept * (pixels[k]! - own[k]!));
      }
    }
  }

  /** How far down the round end reaches, pixels: as high as the person stands above the foot there, and more. */
  #shoulders(edge: number, inward: 1 | -1, own: Uint8Array): number {
    const { width, height } = this;
    const pixels = this.#canvas;
    const isDrawn = (at: number): boolean =>
      this.#alone
        ? pixels[at + 3]! > 127
        : [0, 1, 2].reduce((sum, k) => sum + Math.abs(pixels[at + k]! - own[at + k]!), 0) > DRAWN;
    let [rows, columns] = [0, 0];
    for (let away = LOOKED_AT.from * height; away < LOOKED_AT.to * height; away++) {
      const x = Math.round(edge + away * inward);
      if (x < 0 || x >= width) continue;
      let y = height;
      while (y > 0 && isDrawn(((y - 1) * width + x) * 4)) y--;
      rows += height - y;
      columns += 1;
    }
    const high = columns === 0 ? 0 : rows / columns;
    return Math.min(Math.max(ROUND.down * high, LEAST_DOWN * height), MOST_DOWN * height);
  }
}

function smooth(share: number): number {
  const t = Math.min(Math.max(share, 0), 1);
  return t * t * (3 - 2 * t);
}

/** Straight colours over an opaque background, which may be where they go. */
function layStraight(straight: Uint8Array, background: Uint8Array, out: Uint8Array): void {
  if (out !== background) out.set(background);
  for (let at = 0; at < straight.length; at += 4) {
    const share = straight[at + 3]! / 255;
    if (share === 0) continue;
    for (let k = at; k < at + 3; k++) out[k] = straight[k]! * share + out[k]! * (1 - share) + 0.5;
  }
}
