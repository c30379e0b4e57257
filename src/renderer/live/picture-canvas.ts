import type { LivePicture } from '../../shared/contract/live.ts';

/** Puts a picture on a canvas of its size, with its alpha. */
export function putPicture(canvas: HTMLCanvasElement, { width, height, rgba }: LivePicture): void {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pixels = new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.byteLength);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}
