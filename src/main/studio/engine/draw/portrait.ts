import { decode } from 'jpeg-js';
import { CROP_SIDE } from '../../../../shared/face/index.ts';
import { badBundle, type Bundle, type Control, type MotionTrack } from '../bundle/index.ts';
import { addressOf, kernelOctets, kernels } from '../kernels/index.ts';
import { type AlphaBorder, Alone } from './alone.ts';
import type { Picture, Placement } from './crop-layer.ts';
import { Resampler, type View } from './resample.ts';

/** RGBA, or planes Y, U, V as video carries them: BT.709, limited range, chroma between the pixels. */
export type PortraitFormat = 'rgba' | 'yuv420p';

/** How a portrait is wanted. */
export interface PortraitWish {
  /** Pixels; rounded down to even. The width follows the shape of what is shown, and is even too. */
  readonly height: number;
  /** A buffer of an earlier picture, which is used again where its size is right. */
  readonly into?: Uint8Array | undefined;
  /** RGBA by default, and always in a frame. */
  readonly format?: PortraitFormat;
  /** Without its background too; of RGBA without a frame. */
  readonly bare?: boolean;
  /** Another shape or background than the video's own. */
  readonly frame?: Frame | undefined;
}

/** A shape, width over height (null: its own), around the head. What is behind it may be given, in `into`. */
export interface Frame {
  readonly aspect: number | null;
  readonly behind: Behind;
}

/**
 * What is behind a frame: the plate, that blurred, what the buffer holds, or nothing; `alone`: nothing, for a screen,
 * which looks at no colour where alpha is 0 as codecs do.
 */
export type Behind = 'own' | 'blurred' | 'given' | 'none' | 'alone';

/** A picture of the head and shoulders, and what it shows. `pixels` are as they were wanted. */
export interface PortraitPicture extends Picture {
  readonly view: View;
  /** The person alone, straight RGBA with nothing of their background; where it was asked for. */
  readonly bare?: Uint8Array;
  /** What it took to draw, milliseconds. */
  readonly drawMs: number;
}

/** Of a bundle: the background. */
export const PLATE_FILE = 'plate.jpg';
const MAX_PLATE_MEGAPIXELS = 40;
/** When the crops of the idle motion share less than this part of their side, the camera follows the head instead. */
const STILL_SHARE = 0.75;

/** The head and shoulders over their background: what the live picture shows and what portrait export writes. */
export class Portrait {
  readonly width: number;
  readonly height: number;
  /** Only where it is looked at again. */
  readonly #plate: Picture | null;
  /** The whole picture's place in the source, or null when it moves with the head. */
  readonly #view: View | null;
  readonly #background: Uint8Array;
  readonly #canvas: Uint8Array;
  readonly #border: AlphaBorder;
  readonly #resampler = new Resampler();
  #planes: Uint8Array | undefined; // of whoever wants them
  #alone: Alone | undefined; // few pictures are asked for without their background

  constructor(plate: Picture, idle: MotionTrack, height: number, border: AlphaBorder) {
    this.#border = border;
    this.#view = stillView(idle, plate);
    this.#plate = this.#view ? null : plate;
    ({ width: this.width, height: this.height } = sizeOf(this.#view, height));
    this.#background = new Uint8Array(this.width * this.height * 4);
    this.#canvas = kernelOctets(this.#background.length);
    if (this.#view) this.#resampler.resample(plate, this.#view, this.width, this.height, this.#background);
  }

  /**
   * The whole picture into `out`, RGBA bytes [height,width,4] or planes by its length, and the RGBA of head and
   * shoulders alone into `bare`; `draw` lays the head over what is there. The answer is what of the source it shows.
   */
  compose(
    control: Control,
    { out, bare }: { readonly out: Uint8Array; readonly bare?: Uint8Array | undefined },
    draw: (target: Picture, placement: Placement) => void,
  ): View {
    const [x0, y0, size] = control.crop as unknown as [number, number, number];
    const view = this.#view ?? { x0, y0, width: size, height: size };
    if (this.#plate) this.#resampler.resample(this.#plate, view, this.width, this.height, this.#background);
    if (bare) this.#canvas.fill(0);
    else this.#canvas.set(this.#background);
    const zoom = this.height / view.height; // output pixels per source pixel
    draw(
      { width: this.width, height: this.height, pixels: this.#canvas },
      { originX: (x0 - view.x0) * zoom, originY: (y0 - view.y0) * zoom, scale: CROP_SIDE / (size * zoom) },
    );
    if (bare) {
      layOver(this.#canvas, this.#background, out);
      this.#alone ??= new Alone(this.width, this.height, this.#border);
      this.#alone.separate(this.#canvas, this.#background, (size * zoom) / CROP_SIDE, bare);
    } else if (out.length < this.#canvas.length) out.set(this.#asPlanes());
    else out.set(this.#canvas);
    return view;
  }

  #asPlanes(): Uint8Array {
    const { width, height } = this;
    const planes = (this.#planes ??= kernelOctets(width * height * 1.5));
    const luma = addressOf(planes);
    const chroma = luma + width * height;
    kernels.toPlanes(addressOf(this.#canvas), width, height, luma, chroma, chroma + (width * height) / 4);
    return planes;
  }
}

/** RGBA whose colours are multiplied by their alpha, over its opaque background. */
function layOver(multiplied: Uint8Array, background: Uint8Array, out: Uint8Array): void {
  for (let at = 0; at < multiplied.length; at += 4) {
    const rest = (255 - multiplied[at + 3]!) / 255;
    for (let k = at; k < at + 3; k++) out[k] = Math.min(255, Math.round(multiplied[k]! + rest * background[k]!));
    out[at + 3] = 255;
  }
}

/** The size of an avatar's portraits of a height, pixels. */
export function portraitSize(
  idle: MotionTrack,
  source: { readonly width: number; readonly height: number },
  height: number,
): { readonly width: number; readonly height: number } {
  return sizeOf(stillView(idle, source), height);
}

function sizeOf(view: View | null, height: number): { readonly width: number; readonly height: number } {
  const even = Math.max(2, 2 * Math.floor(height / 2));
  const aspect = view ? view.width / view.height : 1;
  return { width: Math.max(2, 2 * Math.round((even * aspect) / 2)), height: even };
}

export function readPlate(bundle: Bundle): Picture {
  const { width, height } = bundle.manifest.source;
  try {
    const { data, ...size } = decode(bundle.files.get(PLATE_FILE)!, {
      useTArray: true,
      formatAsRGBA: true,
      maxResolutionInMP: MAX_PLATE_MEGAPIXELS,
      maxMemoryUsageInMB: 512,
    });
    if (size.width !== width || size.height !== height)
      throw new Error(`It is ${size.width}x${size.height}, the source ${width}x${height}.`);
    return { ...size, pixels: data };
  } catch (cause) {
    throw badBundle("The avatar's background (plate.jpg) cannot be read.", String(cause), cause);
  }
}

/** The part of the source that every crop of the idle motion covers, if that is most of a crop. */
export function stillView(idle: MotionTrack, source: { readonly width: number; readonly height: number }): View | null {
  const good = Array.from({ length: idle.frames }, (_, frame) => frame).filter((frame) => idle.state[frame] === 0);
  const frames = good.length > 0 ? good : [0];
  let [left, top, right, bottom, largest] = [0, 0, source.width, source.height, 0];
  for (const frame of frames) {
    const [x0, y0, size] = idle.crop.subarray(frame * 3, frame * 3 + 3) as unknown as [number, number, number];
    left = Math.max(left, x0);
    top = Math.max(top, y0);
    right = Math.min(right, x0 + size);
    bottom = Math.min(bottom, y0 + size);
    largest = Math.max(largest, size);
  }
  const reach = Math.min(largest, source.width, source.height) * STILL_SHARE;
  return right - left >= reach && bottom - top >= reach
    ? { x0: left, y0: top, width: right - left, height: bottom - top }
    : null;
}
