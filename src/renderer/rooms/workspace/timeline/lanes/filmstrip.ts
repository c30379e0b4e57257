import type { SourcePictures } from '../../footage/pictures.ts';
import { Listeners } from '../../../../ground/store.ts';
import type { Paint } from './paint.ts';

const KEPT = 1200;
/** Requests for pictures that the strip has under way; the viewer's own come first anyway. */
const UNDER_WAY = 6;
/** A thumbnail's own height, device pixels: sharp on dense screens, cheap to keep. */
const TALL = 128;

/** Thumbnails of the source, made once from its pictures. */
export class Filmstrip {
  readonly #pictures: SourcePictures;
  readonly #changes = new Listeners();
  readonly #thumbnails = new Map<number, OffscreenCanvas>(); // oldest use first
  readonly #asked = new Set<number>();
  readonly #failed = new Set<number>();
  readonly #aspect: number;

  constructor(pictures: SourcePictures, size: { readonly width: number; readonly height: number }) {
    this.#pictures = pictures;
    this.#aspect = size.width / size.height;
  }

  /** Calls back when more can be drawn. */
  readonly subscribe = this.#changes.subscribe;

  /** One thumbnail after the other, from the timeline's beginning, up to the source's end. */
  draw(
    { context, view, colours, top, width, height }: Paint,
    source: { readonly duration: number; readonly fps: number },
  ): void {
    const whole = height * this.#aspect;
    // Powers of two of a frame apart, so that zooming finds most of its thumbnails made already.
    const frame = 1 / source.fps;
    const apart = frame * 2 ** Math.max(0, Math.floor(Math.log2(whole / (frame * view.window.pixelsPerSecond))));
    const slot = apart * view.window.pixelsPerSecond;
    const end = Math.min(width, view.x(source.duration));
    let asked = this.#asked.size;
    for (let index = Math.max(0, Math.floor(view.window.from / apart)); ; index++) {
      const left = view.x(index * apart);
      if (left >= end) break;
      const right = Math.min(left + slot, end);
      const number = this.#pictures.frameAt(index * apart + frame / 2);
      const thumbnail = this.#get(number);
      if (thumbnail) this.#place(context, thumbnail, { left, top, width: Math.min(right - left, whole), height });
      else {
        context.fillStyle = colours.line;
        context.fillRect(left + 0.5, top, Math.max(0.5, right - left - 1), height);
        if (asked < UNDER_WAY && this.#ask(number)) asked++;
      }
    }
  }

  /** The middle of the picture, where there is less room than its width. */
  #place(
    context: CanvasRenderingContext2D,
    picture: OffscreenCanvas,
    box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  ): void {
    const cut = (picture.width * box.width) / (box.height * this.#aspect);
    context.drawImage(
      picture,
      (picture.width - cut) / 2,
      0,
      cut,
      picture.height,
      box.left,
      box.top,
      box.width,
      box.height,
    );
  }

  #get(frame: number): OffscreenCanvas | undefined {
    const thumbnail = this.#thumbnails.get(frame);
    if (thumbnail) {
      this.#thumbnails.delete(frame);
      this.#thumbnails.set(frame, thumbnail);
    }
    return thumbnail;
  }

  #ask(frame: number): boolean {
    if (this.#asked.has(frame) || this.#failed.has(frame)) return false;
    this.#asked.add(frame);
    void this.#pictures
      .load(frame)
      .then(
        (picture) => this.#keep(frame, picture),
        () => void this.#failed.add(frame),
      )
      .finally(() => {
        this.#asked.delete(frame);
        this.#changes.tell();
      });
    return true;
  }

  #keep(frame: number, picture: ImageBitmap): void {
    const thumbnail = new OffscreenCanvas(Math.max(1, Math.round(TALL * this.#aspect)), TALL);
    const context = thumbnail.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, thumbnail.width, thumbnail.height);
    this.#thumbnails.set(frame, thumbnail);
    const [oldest] = this.#thumbnails.keys();
    if (this.#thumbnails.size > KEPT && oldest !== undefined) this.#thumbnails.delete(oldest);
  }
}
