import type { Followed } from '../../../ground/store.ts';

/** Where a picture lies, screen pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is painted behind a person who is drawn alone; it tells when it looks otherwise than it did. */
export interface Backdrop extends Followed {
  draw(context: CanvasRenderingContext2D, place: Place): void;
  /** Which moment of the film is on the stage, seconds from its begin, and how fast that goes on; 0: it rests. */
  follow(seconds: number, rate: number): void;
}

const still = { follow: () => undefined, subscribe: () => () => undefined };

export function coloured(colour: string): Backdrop {
  return {
    ...still,
    draw: (context, { left, top, width, height }) => {
      context.fillStyle = colour;
      context.fillRect(left, top, width, height);
    },
  };
}

/** A square of the board that stands for nothing, screen pixels, and its two greys: one shows on any hair. */
const SQUARE = 12;
const GREYS = ['#c4c4c8', '#8e8e94'] as const;

/** Nothing is behind: a board of squares. */
export function board(): Backdrop {
  let pattern: CanvasPattern | null = null;
  return {
    ...still,
    draw: (context, { left, top, width, height }) => {
      pattern ??= context.createPattern(squares(), 'repeat');
      if (!pattern) return;
      context.save();
      context.translate(left, top);
      context.fillStyle = pattern;
      context.fillRect(0, 0, width, height);
      context.restore();
    },
  };
}

function squares(): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width: 2 * SQUARE, height: 2 * SQUARE });
  const context = canvas.getContext('2d');
  for (let k = 0; context && k < 4; k++) {
    context.fillStyle = GREYS[(k + (k >> 1)) & 1]!;
    context.fillRect((k & 1) * SQUARE, (k >> 1) * SQUARE, SQUARE, SQUARE);
  }
  return canvas;
}
