import type { Colours } from '../colours.ts';
import type { TimelineView } from '../view.ts';

/** What a lane needs to draw itself. Lengths are CSS pixels; the context is scaled. */
export interface Paint {
  readonly context: CanvasRenderingContext2D;
  readonly view: TimelineView;
  readonly colours: Colours;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly density: number;
}
