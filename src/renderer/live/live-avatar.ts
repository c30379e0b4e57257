import type { StudioErrorShape } from '../../shared/contract/errors.ts';
import type { Checkpoint } from '../../shared/contract/manifest.ts';
import {
  decodeLivePicture,
  LiveReply,
  type LiveLook,
  type LivePicture,
  type LiveRequest,
  type StyleView,
} from '../../shared/contract/live.ts';
import type { HeardWith } from '../../shared/contract/results.ts';
import type { LaneName, LaneRanges } from '../../shared/domain/lanes/index.ts';
import { EMPTY_TAKE, playedPart, type Take } from '../../shared/domain/take.ts';
import type { LiveEvents, LiveLine } from '../ground/host/index.ts';
import { Listeners } from '../ground/store.ts';
import { playsAlike, spokenAlike } from './alike.ts';
import { Delays, type LiveFigures } from './delays.ts';
import { LastingLine } from './lasting-line.ts';
import { Drivers } from './drivers.ts';
import { SLACK } from './voice.ts';

export type LiveState =
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'ready';
      readonly width: number;
      readonly height: number;
      readonly fps: number;
      readonly graph: string;
      readonly engineFps: number | null;
      readonly checkpoint: Checkpoint | null;
      readonly varies: boolean;
      readonly heardWith: HeardWith;
      readonly styles: readonly StyleView[];
      readonly ranges: LaneRanges;
    }
  | { readonly kind: 'failed'; readonly error: StudioErrorShape };

/** What the take makes the avatar do, one value a frame. */
export interface LiveMotion {
  readonly fps: number;
  /** Opening of the mouth, in the unit of the track's `aperture`. */
  readonly aperture: readonly number[];
  /** Hz; null where it is unvoiced. */
  readonly pitch: readonly (number | null)[];
}

export interface LiveAvatarOptions {
  readonly projectId: string;
  /** Of the pictures, rows. */
  readonly height: number;
  readonly openLine: (events: LiveEvents) => LiveLine;
}

/** What a line begins with. */
export const OWN_LOOK: LiveLook = { shape: 'own', behind: 'own' };

const OPENING: LiveState = { kind: 'opening' };
/** Figures are for reading. */
const FIGURES_MS = 250;
/** A drag changes the take many times a second; speech is worked out when it rests. */
const TAKE_REST_MS = 120;
/** What needs no speech worked out anew is followed meanwhile, this often. */
const TAKE_EACH_MS = 50;

/**
 * One project's avatar, alive: it is told what to say and which moment to show, and pictures come. The newest wish
 * wins: a wish is sent at once, and overtakes the one that waits for the engine, so at most two are under way. While
 * something drives it, pictures come by themselves.
 */
export class LiveAvatar {
  readonly #options: LiveAvatarOptions;
  readonly #line: LastingLine;
  readonly #changes = new Listeners();
  readonly #pictures = new Listeners<[picture: LivePicture]>();
  readonly #delays = new Delays();
  #state: LiveState = OPENING;
  #motion: LiveMotion | null = null;
  #problem: StudioErrorShape | null = null;
  #figures: LiveFigures = { fps: 0, delayMs: 0, dropped: 0 };
  #figuresTimer: ReturnType<typeof setTimeout> | undefined;
  #takeTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #unkeyed = new Map<number, (values: readonly number[] | null) => void>();
  #serial = 0;
  #look = OWN_LOOK;
  #lookShown = true;
  #take: Take | null = null;
  #takeSerial = -1;
  #wish: { readonly seconds: number; readonly rate: number } | null = null;
  /** The frame that the newest request asks for, so that none is asked for twice. */
  #asked: number | null = null;
  #closed = true;
  /** What drives it beside its take. */
  readonly drivers = new Drivers({
    send: (message) => (message instanceof ArrayBuffer ? this.#line.send(message) : this.#send(message)),
    nextSerial: () => this.#nextSerial(),
    fps: () => (this.#state.kind === 'ready' ? this.#state.fps : null),
    changed: () => this.#changes.tell(),
    free: () => this.#askAgain(),
  });

  constructor(options: LiveAvatarOptions) {
    this.#options = options;
    this.#line = new LastingLine(options.openLine, {
      opened: () => this.#begin(),
      message: (message) => this.#receive(message),
      lost: () => this.#lost(),
    });
  }

  get state(): LiveState {
    return this.#state;
  }
  /** Of the newest take that was worked out; null before the first. */
  get motion(): LiveMotion | null {
    return this.#motion;
  }
  /** Why the newest take cannot be spoken, or its picture not be drawn; what was there before stays. */
  get problem(): StudioErrorShape | null {
    return this.#problem;
  }
  /** False while pictures are as the avatar is by itself, whatever was set: somebody looks on from outside. */
  get lookShown(): boolean {
    return this.#lookShown;
  }
  get figures(): LiveFigures {
    return this.#figures;
  }

  /** For state, motion, problem, figures and `lookShown`; each keeps its identity until it changes. */
  readonly subscribe = this.#changes.subscribe;

  /** Who begins to listen has no picture yet: the one that was asked for last is asked for again. */
  onPicture(listener: (picture: LivePicture) => void): () => void {
    const forget = this.#pictures.subscribe(listener);
    this.#askAgain();
    return forget;
  }

  /** In which shape and over what its pictures are from now on. */
  setLook(look: LiveLook): void {
    if (look.shape === this.#look.shape && look.behind === this.#look.behind) return;
    this.#look = look;
    if (!this.#line.talking) return;
    this.#send({ type: 'look', ...look });
    this.#askAgain();
  }

  /** What it says from now on. The same again costs nothing, nor does a change of what is neither heard nor seen. */
  setTake(take: Take): void {
    const before = this.#take;
    this.#take = take;
    if (before && playsAlike(before, take)) return;
    if (!before) return this.#sendTake();
    const rests = !spokenAlike(before, take);
    if (!rests && this.#takeTimer !== undefined) return; // it is sent soon, with this in it
    clearTimeout(this.#takeTimer);
    this.#takeTimer = setTimeout(() => this.#sendTake(), rests ? TAKE_REST_MS : TAKE_EACH_MS);
  }

  /**
   * What a lane would be without its keyframes, at every `every`th frame from `first` on, `count` of them; null where
   * the avatar cannot tell, and before the take is worked out.
   */
  unkeyed(lane: LaneName, first: number, every: number, count: number): Promise<readonly number[] | null> {
    if (this.#state.kind !== 'ready' || !this.#line.talking || !this.#motion) return Promise.resolve(null);
    const serial = this.#nextSerial();
    const { promise, resolve } = Promise.withResolvers<readonly number[] | null>();
    this.#unkeyed.set(serial, resolve);
    this.#send({ type: 'unkeyed', serial, lane, first, every, count });
    return promise;
  }

  /**
   * Shows the take's picture at `seconds`. While it plays, `rate` says how fast: then the picture asked for is the one
   * that will be due when it arrives. Call it as often as you like: a frame is asked for once.
   */
  want(seconds: number, rate = 0): void {
    this.#wish = { seconds, rate };
    this.#ask();
  }

  /** Opens its line, or after a failure tries again at once. */
  open(): void {
    this.#closed = false;
    this.#line.open();
  }

  close(): void {
    this.#closed = true;
    for (const timer of [this.#figuresTimer, this.#takeTimer]) clearTimeout(timer);
    this.#line.close();
    this.#figuresTimer = this.#takeTimer = undefined;
    this.#state = OPENING;
    this.#forget();
  }

  #begin(): void {
    const { projectId, height } = this.#options;
    this.#send({ type: 'open', projectId, height });
    if (this.#look !== OWN_LOOK) this.#send({ type: 'look', ...this.#look });
    this.#sendTake();
  }

  #lost(): void {
    this.#forget();
    if (this.#state.kind === 'ready') this.#change({ state: OPENING });
  }

  /** What was under way on a line that is gone never comes. */
  #forget(): void {
    this.#delays.forget();
    for (const answer of this.#unkeyed.values()) answer(null);
    this.#unkeyed.clear();
    this.#asked = null;
  }

  #receive(message: string | ArrayBuffer): void {
    if (typeof message !== 'string') return this.#shown(decodeLivePicture(message));
    const reply = LiveReply.parse(JSON.parse(message));
    if (this.drivers.heard(reply)) return;
    switch (reply.type) {
      case 'ready': {
        const { type: _, ...ready } = reply;
        this.#line.worked();
        this.#change({ state: { kind: 'ready', ...ready } });
        this.drivers.anew();
        return this.#askAgain();
      }
      case 'motion':
        if (reply.serial !== this.#takeSerial) return;
        this.#change({ motion: { fps: reply.fps, aperture: reply.aperture, pitch: reply.pitch }, problem: null });
        return this.#askAgain();
      case 'look':
        return this.#change({ lookShown: reply.shown });
      case 'unkeyed':
        this.#answer(reply.serial, reply.values);
        return;
      case 'failed':
        if (reply.serial !== null && this.#answer(reply.serial, null)) return;
        if (reply.serial === null) return this.#change({ state: { kind: 'failed', error: reply.error } });
        this.#delays.failed(reply.serial);
        return this.#change({ problem: reply.error });
    }
  }

  /** Whether anybody waited for it. */
  #answer(serial: number, values: readonly number[] | null): boolean {
    const answer = this.#unkeyed.get(serial);
    this.#unkeyed.delete(serial);
    answer?.(values);
    return answer !== undefined;
  }

  #shown(picture: LivePicture): void {
    const now = performance.now();
    if (this.drivers.came(picture)) this.#delays.came(now);
    else this.#delays.arrived(picture.serial, now);
    this.#pictures.tell(picture);
    this.#figuresTimer ??= setTimeout(() => this.#countFigures(), FIGURES_MS);
  }

  /** As long as pictures come, and once more when they stopped, so that the rate falls to nothing. */
  #countFigures(): void {
    const figures = this.#delays.figures(performance.now());
    this.#figuresTimer = figures.fps > 0 ? setTimeout(() => this.#countFigures(), FIGURES_MS) : undefined;
    const { fps, delayMs, dropped } = this.#figures;
    if (figures.fps !== fps || figures.delayMs !== delayMs || figures.dropped !== dropped) this.#change({ figures });
  }

  #askAgain(): void {
    this.#asked = null;
    this.#ask();
  }

  #ask(): void {
    if (!this.#wish || this.drivers.any || this.#state.kind !== 'ready' || !this.#line.talking) return;
    const { seconds, rate } = this.#wish;
    const due = seconds + (rate * this.#delays.median) / 1000;
    const frame = Math.max(0, Math.floor(due * this.#state.fps + SLACK));
    // The lead must not show what comes after the end: a mouth at rest would flash there.
    const last =
      rate === 0 || !this.#motion
        ? frame
        : Math.max(this.#motion.aperture.length - 1, Math.floor(seconds * this.#state.fps + SLACK));
    const wanted = Math.min(frame, last);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    const serial = this.#nextSerial();
    this.#delays.sent(serial, performance.now());
    this.#send({ type: 'frame', serial, frame: wanted });
  }

  #sendTake(): void {
    clearTimeout(this.#takeTimer);
    this.#takeTimer = undefined;
    if (!this.#take || !this.#line.talking) return;
    this.#takeSerial = this.#nextSerial();
    this.#send({ type: 'take', serial: this.#takeSerial, take: { ...EMPTY_TAKE, ...playedPart(this.#take) } });
  }

  #nextSerial(): number {
    this.#serial = (this.#serial + 1) % 0x1_0000_0000;
    return this.#serial;
  }

  #send(request: LiveRequest): void {
    this.#line.send(JSON.stringify(request));
  }

  #change(change: {
    state?: LiveState;
    motion?: LiveMotion;
    problem?: StudioErrorShape | null;
    lookShown?: boolean;
    figures?: LiveFigures;
  }): void {
    if (this.#closed) return;
    if (change.state) this.#state = change.state;
    if (change.motion) this.#motion = change.motion;
    if (change.problem !== undefined) this.#problem = change.problem;
    if (change.lookShown !== undefined) this.#lookShown = change.lookShown;
    if (change.figures) this.#figures = change.figures;
    this.#changes.tell();
  }
}
