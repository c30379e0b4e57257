import { StudioError } from '../../../../shared/contract/errors.ts';
import { Listeners } from '../../../ground/store.ts';

export interface SourcePicturesOptions {
  /** Presentation time of every picture, seconds, ascending. */
  readonly times: readonly number[];
  readonly url: (frame: number) => string;
  /** How much of decoded pictures is kept, bytes. */
  readonly budget?: number;
}

const BUDGET = 256 << 20;
/** Requests at the same time: fewer than a browser's six for one host, so that other parts still get through. */
const UNDER_WAY = 4;
/** Pictures fetched ahead while it plays, and on either side while it stands still. */
const AHEAD = 16;
const BESIDE = 3;
/** A picture that could not be had is asked for again after this, ms. */
const RETRY_MS = 2000;
/** A picture's time may be a rounding error away from what a person stopped at, seconds. */
const SLACK = 1e-6;

/**
 * The source's pictures, one a frame, decoded when they are wanted and kept while there is room, those used last the
 * longest.
 * `want` is for a playhead: only its newest wish counts, and what comes next is fetched ahead. `load` is for what must
 * come.
 * A bitmap is good until the next picture arrives: draw it at once, or copy it.
 */
export class SourcePictures {
  readonly times: readonly number[];
  readonly #url: (frame: number) => string;
  readonly #budget: number;
  readonly #kept = new Map<number, ImageBitmap>(); // oldest use first
  #bytes = 0;
  #wish: { readonly frame: number; readonly direction: -1 | 0 | 1 } | null = null;
  readonly #asked = new Map<
    number,
    { readonly resolve: (picture: ImageBitmap) => void; readonly reject: (error: unknown) => void }[]
  >(); // newest last
  readonly #underWay = new Set<number>();
  readonly #failed = new Map<number, { readonly at: number; readonly error: StudioError }>();
  readonly #arrivals = new Listeners<[frame: number]>();
  readonly #closed = new AbortController();

  constructor({ times, url, budget = BUDGET }: SourcePicturesOptions) {
    this.times = times;
    this.#url = url;
    this.#budget = budget;
  }

  /** The frame shown at `seconds`; the first before it, the last after it. */
  frameAt(seconds: number): number {
    let [low, high] = [0, this.times.length]; // times[low] is at or before `seconds`, or low is 0
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! <= seconds + SLACK) low = middle;
      else high = middle;
    }
    return low;
  }

  get(frame: number): ImageBitmap | undefined {
    const picture = this.#kept.get(frame);
    if (picture) {
      this.#kept.delete(frame);
      this.#kept.set(frame, picture);
    }
    return picture;
  }

  /** The nearest picture that is here, to show while the exact one comes. */
  nearest(frame: number): { readonly frame: number; readonly picture: ImageBitmap } | undefined {
    let best: number | undefined;
    for (const kept of this.#kept.keys())
      if (best === undefined || Math.abs(kept - frame) < Math.abs(best - frame)) best = kept;
    const picture = best === undefined ? undefined : this.get(best);
    return picture && { frame: best!, picture };
  }

  /** What the playhead shows now, and which way it moves. An earlier wish that has not been served is dropped. */
  want(frame: number, direction: -1 | 0 | 1): void {
    this.#wish = { frame, direction };
    this.#pump();
  }

  /** Rejects with a StudioError. */
  load(frame: number, priority: 'now' | 'soon' = 'soon'): Promise<ImageBitmap> {
    const picture = this.get(frame);
    if (picture) return Promise.resolve(picture);
    this.#failed.delete(frame);
    return new Promise((resolve, reject) => {
      const waiting = this.#asked.get(frame) ?? [];
      waiting.push({ resolve, reject });
      if (priority === 'now') this.#asked.delete(frame); // goes to the end, which is the front
      this.#asked.set(frame, waiting);
      this.#pump();
    });
  }

  /** Why the picture of this frame is not here, if it could not be had. */
  failure(frame: number): StudioError | undefined {
    return this.#failed.get(frame)?.error;
  }

  /** Calls back for every picture that arrived, or could not be had. */
  readonly onPicture = this.#arrivals.subscribe;

  close(): void {
    this.#closed.abort();
    for (const picture of this.#kept.values()) picture.close();
    this.#kept.clear();
    for (const frame of this.#asked.keys())
      this.#settle(frame, (one) =>
        one.reject(new StudioError({ code: 'cancelled', message: 'The project was closed.', hint: 'Open it again.' })),
      );
  }

  #pump(): void {
    while (!this.#closed.signal.aborted && this.#underWay.size < UNDER_WAY) {
      const frame = this.#next();
      if (frame === undefined) return;
      this.#underWay.add(frame);
      void this.#fetch(frame);
    }
  }

  /** The wish first; the last free place is kept for the next one. */
  #next(): number | undefined {
    const missing = (frame: number): boolean =>
      frame >= 0 &&
      frame < this.times.length &&
      !this.#kept.has(frame) &&
      !this.#underWay.has(frame) &&
      !this.#resting(frame);
    if (this.#wish && missing(this.#wish.frame)) return this.#wish.frame;
    if (this.#underWay.size >= UNDER_WAY - 1) return undefined;
    return [...this.#asked.keys()].findLast((frame) => missing(frame)) ?? this.#ahead().find((frame) => missing(frame));
  }

  #ahead(): readonly number[] {
    if (!this.#wish) return [];
    const { frame, direction } = this.#wish;
    if (direction === 0)
      return Array.from({ length: BESIDE * 2 }, (_, i) => frame + ((i >> 1) + 1) * (i % 2 === 0 ? 1 : -1));
    return Array.from({ length: AHEAD }, (_, i) => frame + direction * (i + 1));
  }

  #resting(frame: number): boolean {
    const failed = this.#failed.get(frame);
    return failed !== undefined && performance.now() - failed.at < RETRY_MS;
  }

  async #fetch(frame: number): Promise<void> {
    try {
      const picture = await fetchPicture(this.#url(frame), this.#closed.signal);
      if (this.#closed.signal.aborted) return picture.close();
      this.#keep(frame, picture);
      this.#failed.delete(frame);
      this.#settle(frame, ({ resolve }) => resolve(picture));
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      const shown =
        error instanceof StudioError
          ? error
          : new StudioError({
              code: 'internal',
              message: 'A picture of the video could not be shown.',
              hint: 'Reload the window.',
              detail: String(error),
            });
      this.#failed.set(frame, { at: performance.now(), error: shown });
      this.#settle(frame, ({ reject }) => reject(shown));
    } finally {
      this.#underWay.delete(frame);
    }
    this.#arrivals.tell(frame);
    this.#pump();
  }

  #settle(
    frame: number,
    each: (waiting: { resolve: (picture: ImageBitmap) => void; reject: (error: unknown) => void }) => void,
  ): void {
    const waiting = this.#asked.get(frame) ?? [];
    this.#asked.delete(frame);
    for (const one of waiting) each(one);
  }

  #keep(frame: number, picture: ImageBitmap): void {
    this.#kept.set(frame, picture);
    this.#bytes += size(picture);
    for (const [old, dropped] of this.#kept) {
      if (this.#bytes <= this.#budget) break;
      if (old === frame || old === this.#wish?.frame) continue;
      this.#kept.delete(old);
      this.#bytes -= size(dropped);
      dropped.close();
    }
  }
}

const size = ({ width, height }: ImageBitmap): number => width * height * 4;

async function fetchPicture(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const answer = await fetch(url, { signal });
  if (!answer.ok)
    throw new StudioError({
      code: 'not-found',
      message: 'A picture of the video is missing.',
      hint: 'Make the pictures of this video again.',
      detail: `${url} was answered with ${answer.status}`,
    });
  return createImageBitmap(await answer.blob());
}
