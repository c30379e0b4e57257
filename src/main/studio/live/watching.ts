import type { SeenFace } from '../../../shared/contract/index.ts';
import { type CameraParts, decodeCameraPicture } from '../../../shared/contract/live-camera.ts';
import type { LiveReply, LiveRequest } from '../../../shared/contract/live.ts';
import type { Lanes } from '../../../shared/domain/lanes/index.ts';
import { type AvatarDescription, LivePerson } from '../engine/index.ts';
import type { Following, Watcher } from '../jobs/index.ts';
import { LiveDriving, type LaneValues, type Performance } from '../takes/index.ts';
import { isShown } from './perform.ts';
import { behindTheHour } from './told.ts';

/** Starts what looks at pictures of a size. Raises StudioError('missing-tool'). */
export type Follow = (
  size: { readonly width: number; readonly height: number },
  watcher: Watcher,
) => Promise<Following>;

interface Picture {
  readonly serial: number;
  readonly at: number; // of the timeline, seconds
  readonly frame: number; // of the timeline, at that moment
  readonly planes: Uint8Array;
}

/** What a camera's watching has to do with the line it is on. */
export interface WatchedFrom {
  readonly avatar: AvatarDescription;
  readonly follow: Follow;
  /** Settles when the camera that was there before is let go: one process looks at a line's pictures at a time. */
  readonly before: Promise<void>;
  /** What the take does by itself, while a voice is heard or not. */
  readonly performance: () => Performance;
  /** The mouth is a voice's. */
  readonly spokenFor: () => boolean;
  readonly reply: (reply: LiveReply) => void;
  readonly lost: (error: unknown) => void;
  /** There is more to show. */
  readonly moved: () => void;
}

/** No camera is that fast: what comes sooner after the last one is left out. */
const LEAST_APART_MS = 15;

/** A camera on a line: the newest picture is looked at, and what is seen drives the avatar. */
export class Watching {
  readonly serial: number;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #around: WatchedFrom;
  readonly #driving: LiveDriving;
  readonly #following: Promise<Following>;
  #parts: CameraParts;
  #person: LivePerson | undefined;
  /** Is looked at now. */
  #looked: Picture | undefined;
  #waiting: Picture | undefined;
  #lookedAt = -Infinity;
  #values: LaneValues = {};
  #frame = -1;
  #shown = -1;
  #ready = false;
  #over = false;

  constructor({ serial, parts, width, height }: Extract<LiveRequest, { type: 'watch' }>, around: WatchedFrom) {
    this.serial = serial;
    this.#size = { width, height };
    this.#parts = parts;
    this.#around = around;
    this.#driving = new LiveDriving(around.avatar);
    this.#following = this.#begun({
      ready: () => {
        this.#ready = true;
        this.#reply({ type: 'watching', serial, off: this.#driving.off });
        void this.#lookOn();
      },
      calm: (calm) => {
        this.#person = new LivePerson(calm);
        this.#reply({ type: 'calm', serial });
      },
      seen: (picture, face, found) => this.#seen(picture, face, found),
      lost: (error) => this.#lose(error),
    });
    this.#following.catch((error) => this.#lose(error));
  }

  /**
   * A message of the camera. Raises RangeError for one that is no picture of the size that was named, and
   * StudioError('bad-request') for one of a moment that live pictures do not show.
   */
  look(message: Uint8Array): void {
    const { avatar } = this.#around;
    const picture = decodeCameraPicture(message, this.#size);
    const frame = Math.round(picture.at * avatar.manifest.source.fps);
    if (!isShown(avatar, frame)) throw behindTheHour();
    this.#waiting = { ...picture, frame };
    void this.#lookOn();
  }

  calm(): void {
    void this.#following.then((following) => following.calm()).catch(() => undefined); // the loss is told
  }

  change(parts: CameraParts): void {
    this.#parts = parts;
  }

  /** What is driven now. */
  get lanes(): Lanes {
    return this.#driving.lanes(this.#values);
  }

  /** The frame of the timeline that the newest picture of the camera belongs to, once each. */
  next(): number | undefined {
    if (this.#frame < 0 || this.#frame === this.#shown) return undefined;
    this.#shown = this.#frame;
    return this.#frame;
  }

  /** Settles when nothing looks any more. */
  async close(): Promise<void> {
    this.#over = true;
    this.#waiting = undefined;
    await this.#following.then((following) => following.close()).catch(() => undefined);
  }

  async #begun(watcher: Watcher): Promise<Following> {
    await this.#around.before;
    if (this.#over) throw new Error('It was over before it began.');
    return this.#around.follow(this.#size, watcher);
  }

  async #lookOn(): Promise<void> {
    if (!this.#ready || this.#looked || !this.#waiting || this.#over) return;
    const now = performance.now();
    const picture = this.#waiting;
    this.#waiting = undefined;
    if (now - this.#lookedAt < LEAST_APART_MS) return;
    this.#lookedAt = now;
    this.#looked = picture;
    // that it is lost is told elsewhere
    await this.#following.then((following) => following.look(picture.serial, picture.planes)).catch(() => undefined);
  }

  #seen(serial: number, face: SeenFace | null, found: boolean): void {
    const picture = this.#looked;
    if (picture?.serial !== serial) return;
    this.#looked = undefined;
    this.#drive(picture, face, found);
    void this.#lookOn();
  }

  #drive({ serial, at, frame }: Picture, face: SeenFace | null, found: boolean): void {
    const { performance, spokenFor, moved } = this.#around;
    const parts = { ...this.#parts, mouth: this.#parts.mouth && !spokenFor() };
    const does = face && this.#person ? this.#person.does(face) : null;
    this.#values = this.#driving.moved(performance(), { frame, at, does }, parts);
    this.#frame = frame;
    this.#reply({ type: 'driven', serial, at, found, values: this.#values });
    moved();
  }

  #reply(reply: LiveReply): void {
    if (!this.#over) this.#around.reply(reply);
  }

  #lose(error: unknown): void {
    if (!this.#over) this.#around.lost(error);
  }
}
