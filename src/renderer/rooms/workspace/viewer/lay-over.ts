import type { LivePicture } from '../../../../shared/contract/live.ts';
import type { OverlaidFace, Overlay } from './overlay/overlay.ts';
import type { PixelSize, Placement } from './placement.ts';
import type { Show } from './shown.ts';

/** What has just been painted, for what is to lie on it. */
interface Painted {
  /** The source frame; -1 before there are pictures. */
  readonly frame: number;
  readonly picture: ImageBitmap | null;
  readonly live: LivePicture | null;
  /** Its pixels. */
  readonly avatar: HTMLCanvasElement;
  readonly placement: Placement;
  /** Where split changes from the source to the avatar, screen pixels. */
  readonly column: number;
  readonly stage: PixelSize; // screen pixels
  readonly ratio: number; // screen pixels per CSS pixel
}

/**
 * Lays over the picture what was chosen, or shows the head in its place; the answer is the mean residual of the
 * measured face, source pixels, if it is on show.
 */
export function layOver(overlay: Overlay, show: Show, painted: Painted): number | undefined {
  const { track, mode, layers, headView } = show;
  const { picture, live, placement, column, stage, ratio } = painted;
  if (!track) {
    overlay.clear(stage);
    return undefined;
  }
  overlay.setTrack(track);
  const row = Math.min(Math.max(painted.frame, 0), track.frames - 1);
  if (headView) {
    const driven = mode === 'avatar' ? live : null;
    overlay.drawHead({
      orbit: headView,
      frame: row,
      pose: driven,
      layers,
      stage,
      ratio,
      paint: picture || driven ? cropPainter(show, painted, driven) : null,
    });
    return undefined;
  }
  const measured = (from: number, to: number): OverlaidFace[] =>
    picture ? [{ kind: 'measured', frame: row, from, to }] : [];
  const driven = (from: number, to: number): OverlaidFace[] => (live ? [{ kind: 'driven', pose: live, from, to }] : []);
  const { width } = stage;
  const cut = Math.min(width, Math.max(0, column));
  const faces = {
    source: () => measured(0, width),
    difference: () => measured(0, width),
    avatar: () => driven(0, width),
    split: () => (live ? [...measured(0, cut), ...driven(cut, width)] : measured(0, width)),
  }[mode]();
  return overlay.draw(layers.size > 0 ? faces : [], layers, placement, stage, ratio);
}

/** Paints a square part of the source, or of what the avatar makes of it, for the back of the head's box. */
function cropPainter(
  { source }: Show,
  { picture, avatar }: Painted,
  driven: LivePicture | null,
): (context: CanvasRenderingContext2D, side: number, crop: Float32Array) => void {
  return (context, side, [x0, y0, size]) => {
    context.fillRect(0, 0, side, side);
    const scale = side / size!;
    if (driven)
      context.drawImage(
        avatar,
        (driven.view[0]! - x0!) * scale,
        (driven.view[1]! - y0!) * scale,
        driven.view[2]! * scale,
        driven.view[3]! * scale,
      );
    else if (picture)
      context.drawImage(picture, -x0! * scale, -y0! * scale, source.width * scale, source.height * scale);
  };
}
