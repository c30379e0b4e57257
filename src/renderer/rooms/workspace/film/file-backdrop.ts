import { Listeners } from '../../../ground/store.ts';
import type { Backdrop, Place } from './backdrop.ts';

/** More of a picture is not seen on a stage, pixels of its longer side. */
const LONGEST = 2048;
/** A playing video may be so far off before it is set right, seconds: each time it halts for a moment. */
const SLACK = 0.12;
/** So far into a frame its time is sure to be in it, seconds; as `export/backdrop.ts` counts. */
const INTO_FRAME = 0.001;
/** What browsers play a video at. */
const RATES = { least: 0.0625, most: 16 };

export type FileBackdropState = 'opening' | 'picture' | 'video' | 'unknown';

/**
 * A picture or video of somebody's that covers the picture, its middle in the middle; a video by its own times, over
 * and over. Black where a browser cannot show it, which films may all the same.
 */
export class FileBackdrop implements Backdrop {
  readonly #changes = new Listeners();
  readonly subscribe = this.#changes.subscribe;
  readonly #address: string;
  #state: FileBackdropState = 'opening';
  #picture: HTMLCanvasElement | null = null;
  #video: HTMLVideoElement | null = null;
  #closed = false;

  constructor(file: File) {
    this.#address = URL.createObjectURL(file);
    void this.#open(file);
  }

  get state(): FileBackdropState {
    return this.#state;
  }

  draw(context: CanvasRenderingContext2D, { left, top, width, height }: Place): void {
    context.fillStyle = '#000';
    context.fillRect(left, top, width, height);
    const shown = this.#picture ?? this.#video;
    if (!shown) return;
    const [across, down] =
      shown instanceof HTMLVideoElement ? [shown.videoWidth, shown.videoHeight] : [shown.width, shown.height];
    const scale = Math.max(width / across, height / down);
    const [w, h] = [width / scale, height / scale];
    context.drawImage(shown, (across - w) / 2, (down - h) / 2, w, h, left, top, width, height);
  }

  follow(seconds: number, rate: number): void {
    const video = this.#video;
    if (!video || !(video.duration > 0)) return;
    const { duration } = video;
    const wanted = ((seconds % duration) + duration) % duration;
    const apart = Math.abs(video.currentTime - wanted);
    const off = Math.min(apart, duration - apart);
    if (rate >= RATES.least && rate <= RATES.most) {
      video.playbackRate = rate;
      if (off > SLACK * Math.max(1, rate) && !video.seeking) video.currentTime = wanted;
      if (video.paused) void video.play().catch(() => undefined); // it was paused again before it began
      return;
    }
    video.pause();
    const exact = Math.min(wanted + INTO_FRAME, duration);
    if (Math.abs(video.currentTime - exact) > INTO_FRAME / 2 && !video.seeking) video.currentTime = exact;
  }

  close(): void {
    this.#closed = true;
    this.#video?.pause();
    this.#video?.removeAttribute('src');
    URL.revokeObjectURL(this.#address);
  }

  async #open(file: File): Promise<void> {
    const picture = file.type.startsWith('video/') ? null : await pictureIn(file);
    if (this.#closed) return;
    if (picture) {
      this.#picture = picture;
      return this.#became('picture');
    }
    const video = Object.assign(document.createElement('video'), {
      muted: true,
      loop: true,
      playsInline: true,
      preload: 'auto',
      src: this.#address,
    });
    video.addEventListener('error', () => !this.#video && this.#became('unknown'), { once: true });
    video.addEventListener(
      'loadeddata',
      () => {
        if (this.#closed) return;
        this.#video = video.videoWidth > 0 ? video : null; // a sound has no picture
        this.#became(this.#video ? 'video' : 'unknown');
      },
      { once: true },
    );
    video.addEventListener('seeked', () => this.#changes.tell());
  }

  #became(state: FileBackdropState): void {
    if (this.#closed) return;
    this.#state = state;
    this.#changes.tell();
  }
}

/** The picture that a file is, no larger than a stage shows it; null for one that browsers do not read. */
async function pictureIn(file: File): Promise<HTMLCanvasElement | null> {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    const context = canvas.getContext('2d');
    if (context) context.imageSmoothingQuality = 'high';
    context?.drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    return canvas;
  } catch {
    return null;
  }
}

let open: { readonly file: File; readonly backdrop: FileBackdrop } | undefined;

/** Of a file that was chosen; it is opened once, until another one is chosen. */
export function backdropOf(file: File): FileBackdrop {
  if (open?.file !== file) {
    open?.backdrop.close();
    open = { file, backdrop: new FileBackdrop(file) };
  }
  return open.backdrop;
}
