import type { SourcePart, PixelSize } from './placement.ts';

/**
 * Differences are shown this many times as large: 64 levels of 255 are white. A power of two: it is doubled on the
 * canvas.
 */
export const AMPLIFIED = 4;

/** |avatar - source| of each pixel and channel, amplified, on the avatar's own grid. */
export class Difference {
  readonly canvas = document.createElement('canvas');
  readonly #context = this.canvas.getContext('2d');

  /** `part` is the part of the source, `source` pixels large, that the avatar's picture covers. */
  draw(picture: ImageBitmap, source: PixelSize, avatar: HTMLCanvasElement, part: SourcePart): void {
    const { width, height } = avatar;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const context = this.#context;
    if (!context) return;
    const scale = picture.width / source.width;
    context.globalCompositeOperation = 'source-over';
    context.imageSmoothingQuality = 'high';
    context.fillRect(0, 0, width, height); // black, where the part reaches beyond the source
    context.drawImage(
      picture,
      part.x0 * scale,
      part.y0 * scale,
      part.width * scale,
      part.height * scale,
      0,
      0,
      width,
      height,
    );
    context.globalCompositeOperation = 'difference';
    context.drawImage(avatar, 0, 0);
    context.globalCompositeOperation = 'lighter';
    for (let times = 1; times < AMPLIFIED; times *= 2) context.drawImage(this.canvas, 0, 0);
  }
}
