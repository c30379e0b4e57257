import { Listeners } from '../../../ground/store.ts';
import { FrameTimes } from './frame-times.ts';
import { paused, playing, scrubBegun, scrubEnded, shuttled, sought, toggled, type TransportState } from './playback.ts';
import type { Transport } from './transport.ts';

/** What a film is played by: of a video element, as much as this needs. */
export type FilmPlayer = Pick<
  HTMLVideoElement,
  'currentTime' | 'duration' | 'playbackRate' | 'loop' | 'play' | 'pause' | 'addEventListener' | 'removeEventListener'
>;

/** A browser plays nothing backwards: it is shown place by place. */
const BACKWARDS_MS = 100;

/** A finished film under the commands of the transport: while it is on screen they mean it. */
export class FilmTransport implements Transport {
  readonly frames: FrameTimes;
  readonly #film: FilmPlayer;
  readonly #changes = new Listeners();
  readonly #listening = new AbortController();
  #state: TransportState;
  /** What the film is to be played at as soon as its length is known; 0: it waits. */
  #wanted = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(film: FilmPlayer, fps: number) {
    this.#film = film;
    this.frames = new FrameTimes([], fps);
    this.#state = { playback: { kind: 'paused' }, time: 0, duration: 0, fps, loop: film.loop, range: null };
    const on = (event: string, heard: () => void) =>
      film.addEventListener(event, heard, { signal: this.#listening.signal });
    on('loadedmetadata', () => {
      this.#told({ ...this.#current(), duration: film.duration });
      if (this.#wanted !== 0) this.play(this.#wanted);
      this.#wanted = 0;
    });
    on('seeked', () => this.#told(this.#current()));
    // By its end, or by a key of the keyboard that the system takes.
    for (const event of ['ended', 'pause']) on(event, () => this.#rate() > 0 && this.pause());
  }

  get state(): TransportState {
    return this.#state;
  }

  readonly subscribe = this.#changes.subscribe;

  now(): number {
    return this.#film.currentTime;
  }
  play(rate = 1): void {
    if (this.#loads(rate)) return;
    this.#enter(playing(this.#current(), rate));
  }
  pause(): void {
    if (this.#loads(0)) return;
    this.#enter(paused(this.#current()));
  }
  toggle(): void {
    if (this.#loads(this.#wanted === 0 ? 1 : 0)) return;
    this.#enter(toggled(this.#current()));
  }
  shuttle(direction: 1 | -1): void {
    if (this.#loads(direction)) return;
    this.#enter(shuttled(this.#current(), direction));
  }
  seek(seconds: number): void {
    this.#enter(sought(this.#current(), seconds));
  }
  step(frames: number): void {
    const now = this.#current();
    this.#enter(paused(sought(now, this.frames.step(now.time, frames))));
  }
  setLoop(loop: boolean): void {
    this.#film.loop = loop;
    this.#told({ ...this.#current(), loop });
  }
  beginScrub(): void {
    this.#enter(scrubBegun(this.#current()));
  }
  scrubTo(seconds: number): void {
    if (this.#state.playback.kind === 'scrubbing') this.#enter(sought(this.#state, seconds));
  }
  endScrub(): void {
    this.#enter(scrubEnded(this.#state));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listening.abort();
    this.#film.pause();
    this.#changes.clear();
  }

  /** Whether the film's length is not known yet: then `rate` is what it is to be played at afterwards. */
  #loads(rate: number): boolean {
    if (this.#state.duration > 0) return false;
    this.#wanted = rate;
    return true;
  }

  #current(): TransportState {
    return { ...this.#state, time: this.now() };
  }

  #rate(): number {
    const { playback } = this.#state;
    return playback.kind === 'playing' ? playback.rate : 0;
  }

  #told(state: TransportState): void {
    this.#state = state;
    this.#changes.tell();
  }

  #enter(next: TransportState): void {
    clearInterval(this.#timer);
    this.#state = next;
    if (next.time !== this.now()) this.#film.currentTime = next.time;
    const rate = this.#rate();
    if (rate > 0) {
      this.#film.playbackRate = rate;
      void this.#film.play().catch(() => this.#rate() > 0 && this.pause()); // a pause may come before it has begun
    } else this.#film.pause();
    if (rate < 0) this.#timer = setInterval(() => this.#back(rate), BACKWARDS_MS);
    this.#changes.tell();
  }

  #back(rate: number): void {
    const time = Math.max(0, this.now() + (rate * BACKWARDS_MS) / 1000);
    this.#film.currentTime = time;
    if (time === 0) this.pause();
  }
}
