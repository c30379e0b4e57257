import { Matting } from './matting.ts';

/** What a drawn alpha shows around the person: nothing, or as far as it reaches beyond them what was filmed there. */
export type AlphaBorder = 'none' | 'filmed';

/** Takes a drawn person off their background. Buffers are kept. */
export class Alone {
  readonly #matting: Matting | null;

  constructor(width: number, height: number, border: AlphaBorder) {
    this.#matting = border === 'none' ? null : new Matting(width, height);
  }

  /**
   * Straight RGBA of the person alone into `bare`, of a picture [height,width,4] whose colours are multiplied by their
   * alpha and of its opaque background; a 256th of the crop is `unit` pixels.
   */
  separate(multiplied: Uint8Array, background: Uint8Array, unit: number, bare: Uint8Array): void {
    if (this.#matting) this.#matting.separate(multiplied, background, unit, bare);
    else straighten(multiplied, bare);
  }
}

function straighten(multiplied: Uint8Array, out: Uint8Array): void {
  for (let at = 0; at < multiplied.length; at += 4) {
    const alpha = multiplied[at + 3]!;
    const share = alpha === 0 ? 0 : 255 / alpha;
    for (let k = at; k < at + 3; k++) out[k] = Math.min(255, Math.round(multiplied[k]! * share));
    out[at + 3] = alpha;
  }
}
