import type { LiveLook, LiveReply } from '../../../shared/contract/live.ts';
import { aspectOf } from '../../../shared/domain/film/index.ts';
import type { Frame } from '../engine/index.ts';

/** In which shape and over what a line's pictures are drawn. */
export class Look {
  readonly #reply: (reply: LiveReply) => void;
  #frame: Frame | undefined; // none: as the avatar is by itself
  /** What was told of it last. */
  #shown: boolean | undefined = true;

  constructor(reply: (reply: LiveReply) => void) {
    this.#reply = reply;
  }

  set({ shape, behind }: LiveLook): void {
    const own = shape === 'own' && behind === 'own';
    this.#frame = own ? undefined : { aspect: aspectOf(shape), behind: behind === 'none' ? 'alone' : behind };
    this.#shown = undefined;
  }

  /**
   * How the next picture is drawn. While somebody looks on from outside (`watched`) one drawing serves both, which is
   * of the avatar as it is by itself.
   */
  next(watched: boolean): Frame | undefined {
    const shown = !watched || !this.#frame;
    if (shown !== this.#shown) this.#reply({ type: 'look', shown });
    this.#shown = shown;
    return watched ? undefined : this.#frame;
  }

  /** Bytes of a picture, of an avatar that is by itself so large. */
  bytes({ width, height }: { readonly width: number; readonly height: number }): number {
    const aspect = this.#frame?.aspect;
    return 4 * height * (aspect == null ? width : Math.round(height * aspect));
  }
}
