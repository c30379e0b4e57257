import type { Control, Rig } from './bundle/index.ts';
import type { Drawing, PortraitPicture, PortraitWish } from './draw/index.ts';
import { type DubFrame, FaceReplacer, type Film } from './dub/index.ts';
import type { PictureRequest, Served } from './protocol.ts';

/** What a thread draws of an avatar, one picture at a time. */
export class Pictures {
  readonly #drawing: Drawing;
  readonly #film: Film;
  readonly #replacer: FaceReplacer;

  constructor(drawing: Drawing, rig: Rig, film: Film) {
    this.#drawing = drawing;
    this.#film = film;
    this.#replacer = new FaceReplacer(rig, film);
  }

  /** As `Drawing.drawHead`. */
  drawHead(control: Control): Promise<Uint8Array> {
    return this.#drawing.drawHead(control);
  }

  /** As `Drawing.drawPortrait`. */
  drawPortrait(control: Control, wish: PortraitWish): Promise<PortraitPicture> {
    return this.#drawing.drawPortrait(control, wish);
  }

  /** Dubs the film's `number`th frame. */
  async dub(frame: DubFrame, number: number): Promise<void> {
    try {
      const head = await this.#drawing.drawForPicture(frame.driven);
      this.#replacer.replace(frame, number, this.#drawing.proxies, head);
    } finally {
      this.#film.leave(number);
    }
  }

  /** An answer, and what of it goes over to whoever asked. */
  async serve(request: PictureRequest): Promise<Served> {
    switch (request.operation) {
      case 'drawHead': {
        const rgba = Uint8Array.from(await this.drawHead(request.argument.control));
        return [rgba, [rgba.buffer]];
      }
      case 'drawPortrait': {
        const { control, ...wish } = request.argument;
        const picture = await this.drawPortrait(control, wish);
        return [picture, [picture.pixels, picture.bare].flatMap((one) => (one ? [one.buffer as ArrayBuffer] : []))];
      }
      case 'dub': {
        const { frame, number } = request.argument;
        await this.dub(frame, number);
        return [frame.picture, [frame.picture.planes.buffer as ArrayBuffer]];
      }
    }
  }

  async close(): Promise<void> {
    await this.#drawing.close();
  }
}
