import { FRAME_STATES } from '../../footage/track.ts';
import type { Colours } from '../colours.ts';
import type { Paint } from './paint.ts';

type State = (typeof FRAME_STATES)[number];
/** Neighbouring frames of the same state; seconds. */
export interface StateSpan {
  readonly state: State;
  readonly from: number;
  readonly to: number;
}

/** The names of the states where the window speaks. */
export const STATE_NAMES: Readonly<Record<State, string>> = {
  good: 'good',
  missing: 'no face',
  occluded: 'covered',
  blurred: 'blurred',
  other: 'another person',
};

export function stateSpans(
  { state, time }: { readonly state: Uint8Array; readonly time: Float64Array },
  duration: number,
): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  for (let first = 0; first < state.length;) {
    let next = first + 1;
    while (next < state.length && state[next] === state[first]) next++;
    spans.push({
      state: FRAME_STATES[state[first]!] ?? 'other',
      from: first === 0 ? 0 : time[first]!,
      to: next < state.length ? time[next]! : Math.max(duration, time[state.length - 1]!),
    });
    first = next;
  }
  return spans;
}

/** Each state in a colour and a pattern of its own; what is not good is drawn last, and never narrower than a pixel. */
export function drawFrameStates(
  { context, view, colours, top, width, height, density }: Paint,
  spans: readonly StateSpan[],
): void {
  const visible = spans.filter(({ from, to }) => view.x(to) > 0 && view.x(from) < width);
  for (const good of [true, false]) {
    for (const { state, from, to } of visible) {
      if ((state === 'good') !== good) continue;
      const left = Math.max(0, view.x(from));
      context.fillStyle = good ? colours.good : patternOf(context, state, colours, density);
      context.fillRect(left, top, Math.max(1, Math.min(width, view.x(to)) - left), height);
    }
  }
}

const TILE = 6;
const patterns = new Map<string, CanvasPattern | string>();

/** missing: open with falling lines; covered: crossed; blurred: dots; another person: bars. */
function patternOf(
  target: CanvasRenderingContext2D,
  state: State,
  colours: Colours,
  density: number,
): CanvasPattern | string {
  const colour = colours[state];
  const key = `${state} ${colour} ${density}`;
  const known = patterns.get(key);
  if (known) return known;
  const tile = new OffscreenCanvas(TILE * density, TILE * density);
  const context = tile.getContext('2d')!;
  context.scale(density, density);
  drawTile(context, state, colour, colours.lane);
  const pattern = target.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / density));
  patterns.set(key, pattern ?? colour);
  return pattern ?? colour;
}

export function drawTile(
  context: OffscreenCanvasRenderingContext2D,
  state: State,
  colour: string,
  ground: string,
): void {
  context.fillStyle = state === 'occluded' || state === 'other' ? colour : ground;
  context.fillRect(0, 0, TILE, TILE);
  context.strokeStyle = context.fillStyle = state === 'occluded' || state === 'other' ? ground : colour;
  context.lineWidth = 1.6;
  context.beginPath();
  if (state === 'missing' || state === 'occluded') {
    for (const offset of [-TILE, 0, TILE]) {
      context.moveTo(offset - 1, -1);
      context.lineTo(offset + TILE + 1, TILE + 1);
      if (state === 'occluded') {
        context.moveTo(offset + TILE + 1, -1);
        context.lineTo(offset - 1, TILE + 1);
      }
    }
    context.stroke();
  } else if (state === 'blurred') {
    context.arc(TILE / 4, TILE / 4, 1.4, 0, 2 * Math.PI);
    context.moveTo(TILE, (3 * TILE) / 4);
    context.arc((3 * TILE) / 4, (3 * TILE) / 4, 1.4, 0, 2 * Math.PI);
    context.fill();
  } else if (state === 'other') context.fillRect(0, 0, 1.6, TILE);
}
