import type { LivePicture } from '../../../../shared/contract/live.ts';
import { Listeners } from '../../../ground/store.ts';
import type { Transport } from '../transport/transport.ts';
import { Difference } from './difference.ts';
import { LiveCanvas } from './live-canvas.ts';
import { layOver } from './lay-over.ts';
import type { Overlay } from './overlay/overlay.ts';
import { paint } from './painter.ts';
import { PictureMarks } from './picture-marks.ts';
import { type PixelSize, place, type SourcePart } from './placement.ts';
import { ScrubLatency } from './scrub-latency.ts';
import type { Show, Shown } from './shown.ts';

/** Between the picture and the stage's edge, CSS pixels. */
export const MARGIN = 8;
/** As the live line rounds a time to a frame. */
const SLACK = 1e-4;

/** Draws what the transport's time asks for, once an animation frame and only while something changes. */
export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #transport: Transport;
  readonly #difference = new Difference();
  readonly #live = new LiveCanvas();
  readonly #scrubs = {
    source: new ScrubLatency('likeness:scrub-source'),
    avatar: new ScrubLatency('likeness:scrub-avatar'),
  };
  readonly #marks = { source: new PictureMarks('source'), avatar: new PictureMarks('avatar') };
  readonly #painted = new Listeners<[shown: Shown]>();
  readonly #forget: (() => void)[] = [];
  #forgetPictures: () => void = () => undefined;
  #forgetLandmarks: () => void = () => undefined;
  #forgetLive: () => void = () => undefined;
  #forgetBackdrop: () => void = () => undefined;
  #show: Show;
  #overlay: Overlay | null = null;
  #stage: PixelSize = { width: 0, height: 0 };
  #ratio = 1;
  #request = 0;
  #seen = '';
  #changes = 0;
  #behindMs: number | null = null;
  shown: Shown | null = null;

  constructor(canvas: HTMLCanvasElement, transport: Transport, show: Show) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser has no canvas.');
    this.#canvas = canvas;
    this.#context = context;
    this.#transport = transport;
    this.#show = { ...show, pictures: null, track: null, live: null, backdrop: null };
    this.#forget.push(transport.subscribe(() => this.#moved()));
    this.set(show);
  }

  set(show: Show): void {
    const before = this.#show;
    this.#show = show;
    this.#changes += 1;
    if (show.pictures !== before.pictures) {
      this.#forgetPictures();
      this.#forgetPictures = show.pictures?.onPicture(() => this.invalidate()) ?? (() => undefined);
    }
    if (show.track !== before.track) {
      this.#forgetLandmarks();
      this.#forgetLandmarks = show.track?.landmarks.onArrival(() => this.redraw()) ?? (() => undefined);
    }
    if (show.live !== before.live) {
      this.#forgetLive();
      this.#live.picture = null;
      this.#forgetLive = show.live?.onPicture((picture) => this.#arrived(picture)) ?? (() => undefined);
    }
    if (show.backdrop !== before.backdrop) {
      this.#forgetBackdrop();
      before.backdrop?.follow(0, 0);
      this.#forgetBackdrop = show.backdrop?.subscribe(() => this.redraw()) ?? (() => undefined);
    }
    this.invalidate();
  }

  setOverlay(overlay: Overlay | null): void {
    this.#overlay = overlay;
    this.redraw();
  }

  resize(stage: PixelSize, ratio: number): void {
    this.#stage = stage;
    this.#ratio = ratio;
    this.redraw();
  }

  /** Draws again even if the moment is the same. */
  redraw(): void {
    this.#changes += 1;
    this.invalidate();
  }

  invalidate(): void {
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      this.#draw();
    });
  }

  readonly onShown = this.#painted.subscribe;

  close(): void {
    cancelAnimationFrame(this.#request);
    const { backdrop } = this.#show;
    const forgets = [this.#forgetPictures, this.#forgetLandmarks, this.#forgetLive, this.#forgetBackdrop];
    for (const forget of [...this.#forget, ...forgets]) forget();
    backdrop?.follow(0, 0); // a video does not play on unseen
    this.#painted.clear();
  }

  /** The playhead did something: ask at once, so that a scrub need not wait for the next animation frame. */
  #moved(): void {
    const now = this.#transport.now();
    const { pictures, live, mode } = this.#show;
    const { playback } = this.#transport.state;
    if (playback.kind === 'scrubbing') {
      if (pictures && mode !== 'avatar') this.#scrubs.source.asked(pictures.frameAt(now));
      if (live?.state.kind === 'ready' && mode !== 'source')
        this.#scrubs.avatar.asked(Math.floor(now * live.state.fps + SLACK));
    } else {
      this.#scrubs.source.forget();
      this.#scrubs.avatar.forget();
    }
    this.#wish(now);
    this.invalidate();
  }

  #rate(): number {
    const { playback } = this.#transport.state;
    return playback.kind === 'playing' ? playback.rate : 0;
  }

  #wish(now: number, beside: LivePicture | null = null): void {
    const { mode, pictures, live } = this.#show;
    if (mode !== 'avatar' || this.#live.picture === null)
      pictures?.want(pictures.frameAt(this.#moment(now, beside)), Math.sign(this.#rate()) as -1 | 0 | 1);
    if (mode !== 'source') live?.want(now, this.#rate());
  }

  /** Beside an avatar's picture the source is shown at the moment of that picture. */
  #moment(now: number, beside: LivePicture | null): number {
    const { live } = this.#show;
    return beside && live?.state.kind === 'ready' ? beside.frame / live.state.fps : now;
  }

  #arrived(picture: LivePicture): void {
    const { live } = this.#show;
    if (this.#rate() !== 0 && live?.state.kind === 'ready')
      this.#behindMs = 1000 * (this.#transport.now() - picture.frame / live.state.fps);
    this.#live.take(picture);
    this.invalidate();
  }

  #draw(): void {
    const now = this.#transport.now();
    const rate = this.#rate();
    const moving = rate !== 0 || this.#transport.state.playback.kind === 'scrubbing';
    if (rate !== 0) this.invalidate();
    else this.#behindMs = null;
    if (this.#stage.width === 0 || this.#stage.height === 0) return;
    const { mode, source, pictures, divider, zoom, headView } = this.#show;
    const live = mode === 'source' ? null : this.#live.picture;
    this.#wish(now, live);
    const { frame, picture, exact } = this.#sourceAt(this.#moment(now, live));
    const missing = exact ? undefined : pictures?.failure(pictures.frameAt(this.#moment(now, live)));
    const seen = [this.#changes, frame, exact, picture === null, missing, live?.serial, live?.frame, moving].join();
    if (seen === this.#seen) return;
    // another moment's source would be all difference
    if (mode === 'difference' && live && pictures && !exact && this.#seen.startsWith(`${this.#changes},`)) return;
    this.#seen = seen;
    const part: SourcePart = (live && this.#live.part) || { x0: 0, y0: 0, ...source };
    const placement = place(zoom, part, this.#stage, MARGIN * this.#ratio);
    const column = Math.round(placement.left + divider * part.width * placement.scale);
    this.#fitCanvas();
    if (live) this.#followBackdrop(live, now, rate);
    if (headView) this.#context.clearRect(0, 0, this.#stage.width, this.#stage.height);
    else
      paint(this.#context, this.#difference, {
        mode,
        picture,
        source,
        live: this.#live,
        backdrop: this.#show.backdrop,
        placement,
        stage: this.#stage,
        divider: column,
        moving,
      });
    const residual =
      this.#overlay === null
        ? undefined
        : layOver(this.#overlay, this.#show, {
            frame,
            picture,
            live,
            avatar: this.#live.canvas,
            placement,
            column,
            stage: this.#stage,
            ratio: this.#ratio,
          });
    if (exact && frame >= 0) {
      this.#scrubs.source.painted(frame);
      this.#marks.source.painted(frame);
    }
    if (live) {
      this.#scrubs.avatar.painted(live.frame);
      this.#marks.avatar.painted(live.serial);
      this.#show.live?.drivers.painted(live, performance.now());
    }
    this.shown = {
      placement,
      stage: this.#stage,
      ratio: this.#ratio,
      frame,
      exact,
      live,
      behindMs: this.#behindMs,
      residual,
      heatScale: this.#overlay?.heatScale,
      missing,
    };
    this.#painted.tell(this.shown);
  }

  /** Playing, it goes by the sound as the picture does; else it shows the picture's own moment. */
  #followBackdrop({ frame }: LivePicture, now: number, rate: number): void {
    const { live, backdrop, filmBegins } = this.#show;
    if (!backdrop || live?.state.kind !== 'ready') return;
    const driven = live.drivers.any ? 1 : 0;
    backdrop.follow((rate === 0 ? frame / live.state.fps : now) - filmBegins, rate || driven);
  }

  /** The source's picture of a moment, or the nearest that is here. */
  #sourceAt(seconds: number): {
    readonly frame: number;
    readonly picture: ImageBitmap | null;
    readonly exact: boolean;
  } {
    const { pictures, mode } = this.#show;
    if (!pictures) return { frame: -1, picture: null, exact: false };
    const frame = pictures.frameAt(seconds);
    const picture = pictures.get(frame) ?? null;
    if (picture || mode === 'avatar') return { frame, picture, exact: picture !== null };
    const near = pictures.nearest(frame);
    return { frame: near?.frame ?? frame, picture: near?.picture ?? null, exact: false };
  }

  #fitCanvas(): void {
    const { width, height } = this.#stage;
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
  }
}
