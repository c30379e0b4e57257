import { Listeners } from '../../../ground/store.ts';

import { FrameTimes } from './frame-times.ts';
import {
  loopOf,
  paused,
  playing,
  scrubBegun,
  scrubEnded,
  shuttled,
  sought,
  toggled,
  type Span,
  type TransportState,
} from './playback.ts';
import { positionAt, type Course } from './lap.ts';

export type { Playback, Span, TransportState } from './playback.ts';

/** The playhead of a workspace. */
export interface Transport {
  /** Changes with each event, not with each moment that plays: draw from `now()`. */
  readonly state: TransportState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Where the playhead is, seconds; by the sound's clock while it sounds. */
  now(): number;
  /** When the picture changes. */
  readonly frames: FrameTimes;
  play(rate?: number): void;
  pause(): void;
  toggle(): void;
  /** J and L: play backwards or forwards, faster with each press. */
  shuttle(direction: 1 | -1): void;
  seek(seconds: number): void;
  /** Pauses, and goes that many frames on or back. */
  step(frames: number): void;
  setLoop(loop: boolean): void;
  /** A scrub is a gesture: begin, any number of places, end. It goes on afterwards as it did before. */
  beginScrub(): void;
  scrubTo(seconds: number): void;
  endScrub(): void;
}

/** What is heard while it plays, and the clock that goes with it. */
export interface PlayedSound {
  /** Must be called from what a person did: a browser lets no page sound before. */
  wake(): void;
  /** Whether it could sound at this moment. */
  readonly ready: boolean;
  /** Calls back whenever `ready` may have changed. */
  readonly onReady: (listener: () => void) => () => void;
  /** Seconds, of what is heard at this moment. */
  now(): number;
  /**
   * Plays from `time` on. The answer is the course by this sound's own clock; `late` begins without a jump of the
   * playhead.
   */
  start(course: Omit<Course, 'clock'>, late: boolean): Course;
  stop(): void;
  /** A moment that the playhead is led over is heard shortly, if it can be at once. */
  touch(time: number): void;
}

const steadySeconds = (): number => performance.now() / 1000;
/** How long the picture waits for the sound before it starts without it, ms. */
const SOUND_WAIT_MS = 400;
const END_CHECK_MS = 100;

type Motor =
  | { readonly kind: 'still' }
  | { readonly kind: 'waiting'; readonly until: number } // for the sound
  | { readonly kind: 'steady'; readonly course: Course }
  | { readonly kind: 'sound'; readonly course: Course };
const STILL: Motor = { kind: 'still' };

/** The state machine of playback.ts over a clock: the sound's at rate 1, the computer's otherwise. */
export class PlayTransport implements Transport {
  #state: TransportState;
  #frames: FrameTimes;
  #motor: Motor = STILL;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #sound: PlayedSound | null;
  readonly #changes = new Listeners();
  readonly #forget: () => void;
  /** It never came: from now on the picture starts without waiting for it. */
  #silent = false;

  constructor(options: { readonly duration: number; readonly fps: number; readonly sound: PlayedSound | null }) {
    this.#state = {
      playback: { kind: 'paused' },
      time: 0,
      duration: options.duration,
      fps: options.fps,
      loop: false,
      range: null,
    };
    this.#frames = new FrameTimes([], options.fps);
    this.#sound = options.sound;
    this.#forget = options.sound?.onReady(() => this.#soundChanged()) ?? (() => undefined);
  }

  get state(): TransportState {
    return this.#state;
  }
  get frames(): FrameTimes {
    return this.#frames;
  }

  readonly subscribe = this.#changes.subscribe;

  now(): number {
    switch (this.#motor.kind) {
      case 'still':
      case 'waiting':
        return this.#state.time;
      case 'steady':
        return positionAt(this.#motor.course, steadySeconds()).time;
      case 'sound':
        return positionAt(this.#motor.course, this.#sound!.now()).time;
    }
  }

  play(rate = 1): void {
    const { playback } = this.#state;
    if (playback.kind !== 'playing' || playback.rate !== rate) this.#enter(playing(this.#current(), rate));
  }
  pause(): void {
    this.#enter(paused(this.#current()));
  }
  toggle(): void {
    this.#enter(toggled(this.#current()));
  }
  shuttle(direction: 1 | -1): void {
    this.#enter(shuttled(this.#current(), direction));
  }
  seek(seconds: number): void {
    this.#enter(sought(this.#current(), seconds));
  }
  step(frames: number): void {
    const now = this.#current();
    this.#enter(paused(sought(now, this.#frames.step(now.time, frames))));
    this.#sound?.touch(this.#state.time);
  }
  setLoop(loop: boolean): void {
    if (loop !== this.#state.loop) this.#enter({ ...this.#current(), loop });
  }
  beginScrub(): void {
    this.#enter(scrubBegun(this.#current()));
  }
  scrubTo(seconds: number): void {
    if (this.#state.playback.kind !== 'scrubbing') return;
    const before = this.#state.time;
    this.#enter(sought(this.#state, this.#frames.floor(sought(this.#state, seconds).time)));
    if (this.#state.time !== before) this.#sound?.touch(this.#state.time);
  }
  endScrub(): void {
    this.#enter(scrubEnded(this.#state));
  }

  /** The timeline itself changed: its length, its in and out points. */
  setTimeline({ duration, range }: { readonly duration: number; readonly range: Span | null }): void {
    const { state } = this;
    if (state.duration === duration && state.range?.from === range?.from && state.range?.to === range?.to) return;
    const now = this.#current();
    this.#enter({ ...now, duration, range, time: Math.min(now.time, duration) });
  }

  setFrames(times: readonly number[]): void {
    this.#frames = new FrameTimes(times, this.#state.fps);
  }

  close(): void {
    this.#forget();
    this.#stopMotor();
    this.#changes.clear();
  }

  #current(): TransportState {
    return { ...this.#state, time: this.now() };
  }

  #enter(next: TransportState): void {
    this.#stopMotor();
    this.#state = next;
    if (next.playback.kind === 'playing') this.#startMotor(next.playback.rate);
    this.#changes.tell();
  }

  #courseOf(rate: number, time: number): Omit<Course, 'clock'> {
    return { time, rate, duration: this.#state.duration, loop: loopOf(this.#state) };
  }

  #startMotor(rate: number): void {
    const course = this.#courseOf(rate, this.#state.time);
    if (rate === 1 && this.#sound) {
      this.#sound.wake();
      this.#motor = this.#sound.ready
        ? { kind: 'sound', course: this.#sound.start(course, false) }
        : { kind: 'waiting', until: this.#silent ? 0 : performance.now() + SOUND_WAIT_MS };
    } else this.#motor = { kind: 'steady', course: { ...course, clock: steadySeconds() } };
    this.#timer = setInterval(() => this.#tick(), END_CHECK_MS);
    this.#tick();
  }

  #stopMotor(): void {
    clearInterval(this.#timer);
    if (this.#motor.kind === 'sound') this.#sound?.stop();
    this.#motor = STILL;
  }

  #tick(): void {
    const motor = this.#motor;
    if (motor.kind === 'waiting' && performance.now() > motor.until) {
      this.#silent = true;
      this.#motor = { kind: 'steady', course: { ...this.#courseOf(1, this.#state.time), clock: steadySeconds() } };
    }
    if (motor.kind !== 'steady' && motor.kind !== 'sound') return;
    const { time, ended } = positionAt(motor.course, motor.kind === 'sound' ? this.#sound!.now() : steadySeconds());
    if (ended) this.#enter(paused({ ...this.#state, time }));
  }

  /** The sound came late, or went away (its device was unplugged): the playhead goes on from where it is. */
  #soundChanged(): void {
    const sound = this.#sound;
    const { playback } = this.#state;
    if (!sound || playback.kind !== 'playing' || playback.rate !== 1) return;
    const motor = this.#motor;
    if (sound.ready) this.#silent = false;
    if (sound.ready && (motor.kind === 'waiting' || motor.kind === 'steady')) {
      this.#motor = { kind: 'sound', course: sound.start(this.#courseOf(1, this.now()), motor.kind === 'steady') };
    } else if (!sound.ready && motor.kind === 'sound') {
      const time = this.now();
      sound.stop();
      this.#motor = { kind: 'steady', course: { ...this.#courseOf(1, time), clock: steadySeconds() } };
    }
  }
}
