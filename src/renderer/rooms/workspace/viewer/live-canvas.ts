import type { LivePicture } from '../../../../shared/contract/live.ts';
import type { SourcePart } from './placement.ts';

/** The avatar's newest picture, ready to be drawn. */
export class LiveCanvas {
  readonly canvas = document.createElement('canvas');
  readonly #context = this.canvas.getContext('2d');
  picture: LivePicture | null = null;

  take(picture: LivePicture): void {
    const { width, height, rgba } = picture;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.#context?.putImageData(
      new ImageData(new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.byteLength), width, height),
      0,
      0,
    );
    this.picture = picture;
  }

  /** The part of the source that it shows. */
  get part(): SourcePart | null {
    if (!this.picture) return null;
    const [x0, y0, width, height] = this.picture.view as unknown as [number, number, number, number];
    return { x0, y0, width, height };
  }
}
