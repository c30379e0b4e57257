import type { LivePicture } from '../../../../shared/contract/live.ts';
import { putPicture } from '../../../live/picture-canvas.ts';
import type { SourcePart } from './placement.ts';

/** The avatar's newest picture, ready to be drawn. */
export class LiveCanvas {
  readonly canvas = document.createElement('canvas');
  picture: LivePicture | null = null;

  take(picture: LivePicture): void {
    putPicture(this.canvas, picture);
    this.picture = picture;
  }

  /** The part of the source that it shows. */
  get part(): SourcePart | null {
    if (!this.picture) return null;
    const [x0, y0, width, height] = this.picture.view as unknown as [number, number, number, number];
    return { x0, y0, width, height };
  }
}
