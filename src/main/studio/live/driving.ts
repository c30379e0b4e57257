import { decodeLiveSound } from '../../../shared/contract/live-sound.ts';
import { liveKindOf } from '../../../shared/contract/live-kinds.ts';
import type { LiveReply, LiveRequest } from '../../../shared/contract/live.ts';
import type { Control } from '../engine/index.ts';
import { Listening } from './listening.ts';
import { isShown } from './perform.ts';
import { refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import { behindTheHour, otherAvatar } from './told.ts';
import { type Follow, Watching } from './watching.ts';

type Request<Type extends LiveRequest['type']> = Extract<LiveRequest, { type: Type }>;

/** What drives an avatar has to do with its line. */
export interface DrivenFrom {
  /** Undefined before there is an avatar on the line. */
  readonly stage: () => Stage | undefined;
  readonly follow: Follow;
  readonly reply: (reply: LiveReply) => void;
  /** A request failed, and the line goes on. */
  readonly fail: (serial: number, error: unknown) => void;
  /** The line is of no use any more. */
  readonly end: (error: unknown) => void;
  readonly draw: () => void;
}

/** A picture that is to be drawn. */
export interface Wanted {
  readonly serial: number;
  readonly frame: number;
  readonly control: Control;
}

/** What drives a line's avatar beside its take: a voice, somebody before a camera, or both. */
export class Driving {
  readonly #around: DrivenFrom;
  /** Null once one is over: sound of it may still be on its way. */
  #listening: Listening | null | undefined;
  /** The one before it is let go. */
  #hushed: Promise<void> = Promise.resolve();
  /** Null once one is over: pictures of it may still be on their way. */
  #watching: Watching | null | undefined;
  /** The camera before it is let go. */
  #blinded: Promise<void> = Promise.resolve();

  constructor(around: DrivenFrom) {
    this.#around = around;
  }

  /** Pictures come by themselves, and those that are wished for wait. */
  get on(): boolean {
    return Boolean(this.#listening ?? this.#watching);
  }

  async listen({ serial, frame: first }: Request<'listen'>): Promise<void> {
    const { stage, fail, reply, draw } = this.#around;
    this.#deafen();
    const there = stage();
    if (!there) return fail(serial, noAvatar());
    const { avatar } = there.lease;
    const { fps } = avatar.manifest.source;
    const listening = new Listening(() => avatar.listen(), { serial, first, fps, before: this.#hushed, heard: draw });
    this.#listening = listening;
    try {
      await listening.ready;
      if (this.#listening === listening) reply({ type: 'listening', serial });
    } catch (error) {
      this.#loseEar(listening, error);
    }
  }

  hush(): void {
    this.#deafen();
    this.#around.draw();
  }

  watch(request: Request<'watch'>): void {
    const { stage, follow, fail, reply, draw } = this.#around;
    this.#blind();
    const there = stage();
    if (!there) return fail(request.serial, noAvatar());
    const watching: Watching = new Watching(request, {
      avatar: there.lease.avatar,
      follow,
      before: this.#blinded,
      performance: () => (stage() ?? there).performance.own(this.spokenFor),
      spokenFor: () => this.spokenFor,
      reply,
      lost: (error) => this.#loseEye(watching, error),
      moved: () => this.#listening || draw(), // a voice's pictures come with its sound
    });
    this.#watching = watching;
  }

  calm(): void {
    this.#watching?.calm();
  }

  change({ parts }: Request<'parts'>): void {
    this.#watching?.change(parts);
  }

  unwatch(): void {
    this.#blind();
    this.#around.draw();
  }

  /** A binary message of the window. */
  receive(message: Uint8Array): void {
    switch (liveKindOf(message)) {
      case 'sound':
        return void this.#hear(message);
      case 'camera':
        return this.#see(message);
      case undefined:
        return this.#around.end(refusal('A binary message is sound or a picture of a camera.'));
    }
  }

  /** Another avatar takes the place of the one that was driven. */
  replaced(): void {
    if (this.#listening) this.#loseEar(this.#listening, otherAvatar());
    if (this.#watching) this.#loseEye(this.#watching, otherAvatar());
  }

  /** The newest moment that there is, once each. */
  next({ lease, performance }: Stage): Wanted | undefined {
    const [listening, watching] = [this.#listening, this.#watching];
    const lanes = watching?.lanes ?? {};
    if (listening) {
      const heard = listening.next();
      if (!heard) return undefined;
      if (!isShown(lease.avatar, heard.frame)) {
        this.#loseEar(listening, behindTheHour());
        return undefined;
      }
      const { control } = performance.own(true).under(lanes)(heard.frame, heard.spoken);
      return { serial: listening.serial, frame: heard.frame, control };
    }
    const frame = watching?.next();
    if (!watching || frame === undefined) return undefined;
    return { serial: watching.serial, frame, control: performance.own(false).under(lanes)(frame).control };
  }

  close(): void {
    void this.#listening?.close();
    void this.#watching?.close();
    this.#listening = this.#watching = null;
  }

  /** Whether a voice has the mouth. */
  get spokenFor(): boolean {
    return Boolean(this.#listening);
  }

  async #hear(message: Uint8Array): Promise<void> {
    const listening = this.#listening;
    if (listening === undefined) return this.#around.end(refusal('Sound follows "listen".'));
    if (listening === null) return;
    try {
      await listening.hear(decodeLiveSound(message));
    } catch (error) {
      this.#loseEar(listening, error instanceof RangeError ? refusal(error.message) : error);
    }
  }

  #see(message: Uint8Array): void {
    const watching = this.#watching;
    if (watching === undefined) return this.#around.end(refusal('A picture of a camera follows "watch".'));
    if (watching === null) return;
    try {
      watching.look(message);
    } catch (error) {
      this.#loseEye(watching, error instanceof RangeError ? refusal(error.message) : error);
    }
  }

  /** The window is told once, and goes on without. */
  #loseEar(listening: Listening, error: unknown): void {
    if (this.#listening !== listening) return;
    this.hush();
    this.#around.fail(listening.serial, error);
  }

  #loseEye(watching: Watching, error: unknown): void {
    if (this.#watching !== watching) return;
    this.unwatch();
    this.#around.fail(watching.serial, error);
  }

  #deafen(): void {
    this.#hushed = this.#listening?.close() ?? this.#hushed;
    this.#listening = null;
  }

  #blind(): void {
    this.#blinded = this.#watching?.close() ?? this.#blinded;
    this.#watching = null;
  }
}

function noAvatar(): Error {
  return refusal('There is no avatar on this line yet.');
}
