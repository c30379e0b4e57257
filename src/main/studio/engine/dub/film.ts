/** Of a frame's work what needs the frames before: following the light, and the grain. */
const FILM_STEPS = { tone: 0, grain: 1 } as const;
type FilmStep = keyof typeof FILM_STEPS;

const TONE = 6;
const GRAIN = 4;
const TURNS_BYTES = 16;

/** Memory of a film for all threads that dub it. */
export function newFilm(): SharedArrayBuffer {
  return new SharedArrayBuffer(TURNS_BYTES + (TONE + GRAIN) * Float64Array.BYTES_PER_ELEMENT);
}

/**
 * What a film's frames have of those before them. Threads that dub frames at the same time pass it on from frame to
 * frame: each waits for its turn, so that the pictures are those of one thread.
 */
export class Film {
  readonly tone: Float64Array; // as ToneMatch has it
  readonly grain: Float64Array; // as GrainMatch has it
  readonly #turns: Int32Array; // [2] of each step the frame whose turn it is

  constructor(memory = newFilm()) {
    this.#turns = new Int32Array(memory, 0, 2);
    this.tone = new Float64Array(memory, TURNS_BYTES, TONE);
    this.grain = new Float64Array(memory, TURNS_BYTES + TONE * Float64Array.BYTES_PER_ELEMENT, GRAIN);
  }

  /** Takes a step of frame `frame`, once all frames before have taken theirs. */
  inTurn(step: FilmStep, frame: number, action: () => void): void {
    const turns = this.#turns;
    const at = FILM_STEPS[step];
    for (let turn = Atomics.load(turns, at); turn < frame; turn = Atomics.load(turns, at))
      Atomics.wait(turns, at, turn);
    action();
    Atomics.store(turns, at, frame + 1);
    Atomics.notify(turns, at);
  }

  /** A frame's work is over: no other waits for steps that it has not taken. */
  leave(frame: number): void {
    for (const step of ['tone', 'grain'] as const)
      if (Atomics.load(this.#turns, FILM_STEPS[step]) <= frame) this.inTurn(step, frame, () => undefined);
  }
}
