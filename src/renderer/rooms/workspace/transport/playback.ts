/** What the playhead does. `scrubbing` remembers at which rate to go on when the gesture ends. */
export type Playback =
  | { readonly kind: 'paused' }
  | { readonly kind: 'playing'; readonly rate: number }
  | { readonly kind: 'scrubbing'; readonly resume: number | null };

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface TransportState {
  readonly playback: Playback;
  /** Where the playhead was at the last event, seconds; while it plays, the transport's `now()` is where it is. */
  readonly time: number;
  readonly duration: number;
  readonly fps: number;
  readonly loop: boolean;
  /** In and out; null: everything. */
  readonly range: Span | null;
}

const PAUSED: Playback = { kind: 'paused' };
/** Each further press of J or L doubles the rate up to this. */
const FASTEST = 8;
/** A loop shorter than this would be a buzz. */
const SHORTEST_LOOP = 0.05;
/** Closer to the end than this counts as at the end, seconds. */
const AT_END = 1e-3;

export const clampTime = (state: Pick<TransportState, 'duration'>, seconds: number): number =>
  Math.min(Math.max(0, seconds), state.duration);

/** The stretch that repeats, or null when nothing does. */
export function loopOf({ loop, range, duration }: TransportState): Span | null {
  if (!loop) return null;
  const from = Math.min(range?.from ?? 0, duration);
  const to = Math.min(range?.to ?? duration, duration);
  return to - from >= SHORTEST_LOOP ? { from, to } : null;
}

/** Plays from where the playhead is; from the other end when there is nothing left to play in that direction. */
export function playing(state: TransportState, rate: number): TransportState {
  if (rate === 0 || state.duration <= 0) return paused(state);
  const { from, to } = loopOf(state) ?? { from: 0, to: state.duration };
  const exhausted = rate > 0 ? state.time >= to - AT_END : state.time <= from + AT_END;
  const time = exhausted ? (rate > 0 ? from : to) : state.time;
  return { ...state, time, playback: { kind: 'playing', rate } };
}

export const paused = (state: TransportState): TransportState => ({ ...state, playback: PAUSED });

/** Space: pause, or play at the usual rate. */
export const toggled = (state: TransportState): TransportState =>
  state.playback.kind === 'playing' ? paused(state) : playing(state, 1);

/** J (-1) and L (1): play that way, faster with each press. */
export function shuttled(state: TransportState, direction: 1 | -1): TransportState {
  const rate = state.playback.kind === 'playing' ? state.playback.rate : 0;
  return playing(state, rate * direction > 0 ? direction * Math.min(FASTEST, Math.abs(rate) * 2) : direction);
}

/** Somewhere else, still doing the same. */
export const sought = (state: TransportState, seconds: number): TransportState => ({
  ...state,
  time: clampTime(state, seconds),
});

export function scrubBegun(state: TransportState): TransportState {
  if (state.playback.kind === 'scrubbing') return state;
  return {
    ...state,
    playback: { kind: 'scrubbing', resume: state.playback.kind === 'playing' ? state.playback.rate : null },
  };
}

/** The gesture ends: it goes on as before it, from where the gesture left the playhead. */
export function scrubEnded(state: TransportState): TransportState {
  if (state.playback.kind !== 'scrubbing') return state;
  const { resume } = state.playback;
  const atEnd = resume !== null && (resume > 0 ? state.time >= state.duration - AT_END : state.time <= AT_END);
  return resume === null || (atEnd && !state.loop) ? paused(state) : playing(state, resume);
}
