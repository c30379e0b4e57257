import type { Backdrop } from '../film/backdrop.ts';
import type { Difference } from './difference.ts';
import type { LiveCanvas } from './live-canvas.ts';
import type { Mode } from './modes.ts';
import type { Placement, PixelSize } from './placement.ts';

export interface Painting {
  readonly mode: Mode;
  readonly picture: ImageBitmap | null;
  readonly source: PixelSize; // source pixels
  readonly live: LiveCanvas;
  readonly backdrop: Backdrop | null;
  readonly placement: Placement;
  readonly stage: PixelSize; // screen pixels
  /** Column at which split changes from the source to the avatar, screen pixels. */
  readonly divider: number;
  /** While it plays or is scrubbed, speed counts for more than the last bit of sharpness. */
  readonly moving: boolean;
}

/** The source stands in, faintly, for an avatar that is not there yet. */
const STAND_IN = 0.35;

/** Paints one moment. */
export function paint(
  context: CanvasRenderingContext2D,
  difference: Difference,
  { mode, picture, source, live, backdrop, placement, stage, divider, moving }: Painting,
): void {
  const { scale, left, top, part } = placement;
  const [width, height] = [part.width * scale, part.height * scale];
  context.clearRect(0, 0, stage.width, stage.height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = moving ? 'low' : 'high';
  const drawSource = () =>
    picture &&
    context.drawImage(
      picture,
      left - part.x0 * scale,
      top - part.y0 * scale,
      source.width * scale,
      source.height * scale,
    );
  const drawAvatar = (from: HTMLCanvasElement) => context.drawImage(from, left, top, width, height);
  context.save();
  // What lies outside the part has nothing to be compared with.
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  if (mode === 'source' || live.picture === null) {
    if (mode === 'avatar') context.globalAlpha = STAND_IN;
    drawSource();
  } else if (mode === 'avatar') {
    backdrop?.draw(context, { left, top, width, height });
    drawAvatar(live.canvas);
  } else if (mode === 'difference') {
    if (picture) {
      difference.draw(picture, source, live.canvas, part);
      drawAvatar(difference.canvas);
    }
  } else {
    drawSource();
    context.beginPath();
    context.rect(divider, top, left + width - divider, height);
    context.clip();
    drawAvatar(live.canvas);
  }
  context.restore();
}
