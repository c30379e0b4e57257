/** Entries beyond this push the oldest out; the browser's performance timeline itself has no end. */
const MOST = 2000;

/**
 * Notes every new picture on the stage in the browser's performance timeline, as `likeness:picture-source` and
 * `likeness:picture-avatar`.
 */
export class PictureMarks {
  readonly #name: string;
  #last: number | null = null;
  #noted = 0;

  constructor(picture: 'source' | 'avatar') {
    this.#name = `likeness:picture-${picture}`;
  }

  /** `picture` tells one from the next: the frame, or the serial of a live one. */
  painted(picture: number): void {
    if (picture === this.#last) return;
    this.#last = picture;
    if (++this.#noted % MOST === 0) performance.clearMarks(this.#name);
    performance.mark(this.#name);
  }
}
