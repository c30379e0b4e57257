import type { StudioErrorShape } from '../../shared/contract/errors.ts';
import { type CameraParts, emptyCameraMessage } from '../../shared/contract/live-camera.ts';
import type { LivePicture, LiveReply, LiveRequest } from '../../shared/contract/live.ts';
import { Voice } from './voice.ts';
import { Watch, type WatchEvents } from './watch.ts';

/** What drives an avatar has to do with its line. */
export interface DriversLine {
  readonly send: (message: LiveRequest | ArrayBuffer) => void;
  readonly nextSerial: () => number;
  /** Of the avatar's frames; null while there is none on the line. */
  readonly fps: () => number | null;
  readonly changed: () => void;
  /** Nothing drives it any more: what the take shows is asked for again. */
  readonly free: () => void;
}

/** What drives an avatar beside its take: a voice, a camera, or both. While any does, pictures come by themselves. */
export class Drivers {
  readonly #line: DriversLine;
  #voice: Voice | null = null;
  #watch: Watch | null = null;

  constructor(line: DriversLine) {
    this.#line = line;
  }

  /** The voice that it follows now. */
  get voice(): { readonly behindMs: number | null } | null {
    return this.#voice;
  }

  /** The camera that it follows now. */
  get camera(): { readonly behindMs: number | null } | null {
    return this.#watch;
  }

  get any(): boolean {
    return this.#voice !== null || this.#watch !== null;
  }

  /**
   * Follows a voice from now on, with the head and all that is keyed as the take has it from `seconds` on. `lost` is
   * called when it can follow no more.
   */
  listen(seconds: number, lost: (error: StudioErrorShape) => void): void {
    this.#voice = new Voice(this.#line.nextSerial(), seconds, lost);
    this.#sendListen();
    this.#line.changed();
  }

  /** What the voice says: mono, 16 kHz, -1..1. Lost is what is said while there is no line. */
  hear(samples: Float32Array): void {
    for (const message of this.#voice?.messages(samples, performance.now()) ?? []) this.#line.send(message);
  }

  /** The voice is over. */
  hush(): void {
    if (!this.#voice) return;
    this.#voice = null;
    this.#line.send({ type: 'hush' });
    this.#over();
  }

  /** Follows a camera from now on, whose pictures have a size. */
  watch(size: Watch['size'], parts: CameraParts, events: WatchEvents): void {
    this.#watch = new Watch(this.#line.nextSerial(), size, parts, events);
    this.#sendWatch();
    this.#line.changed();
  }

  /**
   * A picture of the camera, taken at a moment of the timeline (`at`, seconds; `takenAt`, ms): `fill` writes its
   * planes. Left out while others wait to be looked at.
   */
  look(at: number, takenAt: number, fill: (planes: Uint8Array) => void): void {
    const watch = this.#watch;
    if (!watch?.free || this.#line.fps() === null) return;
    const serial = this.#line.nextSerial();
    const { message, planes } = emptyCameraMessage({ serial, at }, watch.size);
    fill(planes);
    watch.sent(serial, at, takenAt);
    this.#line.send(message);
  }

  /** They look at the camera with a calm face, for a second from now on. */
  calm(): void {
    if (this.#watch) this.#line.send({ type: 'calm' });
  }

  change(parts: CameraParts): void {
    if (!this.#watch) return;
    this.#watch.parts = parts;
    this.#line.send({ type: 'parts', parts });
  }

  unwatch(): void {
    if (!this.#watch) return;
    this.#watch = null;
    this.#line.send({ type: 'unwatch' });
    this.#over();
  }

  /** Another line, or another avatar on it: what they do now is where it goes on. */
  anew(): void {
    if (this.#voice) this.#voice = new Voice(this.#line.nextSerial(), this.#voice.seconds, this.#voice.lost);
    if (this.#watch) {
      const { size, parts, events } = this.#watch;
      this.#watch = new Watch(this.#line.nextSerial(), size, parts, events);
    }
    this.#sendListen();
    this.#sendWatch();
  }

  /** Whether a reply was for what drives the avatar. */
  heard(reply: LiveReply): boolean {
    const watch = this.#watch;
    switch (reply.type) {
      case 'listening':
        return true;
      case 'watching':
        if (watch?.serial === reply.serial) watch.events.ready(reply.off);
        return true;
      case 'calm':
        if (watch?.serial === reply.serial) watch.events.calm();
        return true;
      case 'driven':
        watch?.answered(reply);
        return true;
      case 'failed':
        return this.#lost(reply.serial, reply.error);
      default:
        return false;
    }
  }

  /** Whether a picture came by itself. */
  came({ serial }: LivePicture): boolean {
    if (this.#voice?.serial === serial) this.#voice.arrived();
    return this.#driver(serial) !== undefined;
  }

  /** A picture was painted, maybe not for the first time. */
  painted({ serial, frame }: LivePicture, now: number): void {
    const fps = this.#line.fps();
    if (fps !== null) this.#driver(serial)?.painted(frame, fps, now);
  }

  #driver(serial: number | null): Voice | Watch | undefined {
    return [this.#voice, this.#watch].find((one) => one?.serial === serial) ?? undefined;
  }

  #lost(serial: number | null, error: StudioErrorShape): boolean {
    const found = this.#driver(serial);
    if (!found) return false;
    if (found === this.#voice) this.#voice = null;
    if (found === this.#watch) this.#watch = null;
    if (found instanceof Watch) found.events.lost(error);
    else found.lost(error);
    this.#over();
    return true;
  }

  #over(): void {
    this.#line.changed();
    if (!this.any) this.#line.free();
  }

  #sendListen(): void {
    const fps = this.#line.fps();
    if (!this.#voice || fps === null) return;
    this.#line.send({ type: 'listen', serial: this.#voice.serial, frame: this.#voice.firstFrame(fps) });
  }

  #sendWatch(): void {
    if (!this.#watch || this.#line.fps() === null) return;
    const { serial, size, parts } = this.#watch;
    this.#line.send({ type: 'watch', serial, ...size, parts });
  }
}
