import { Listeners } from '../../../ground/store.ts';

/** What part of a timeline is on screen, and how large. */
export interface TimelineWindow {
  /** Seconds at the left edge. */
  readonly from: number;
  readonly pixelsPerSecond: number;
  /** CSS pixels. */
  readonly width: number;
  /** Seconds that can be scrolled to: the take, and some room behind it to put things. */
  readonly extent: number;
}

/** A frame of 60 a second is then 33 pixels wide. */
const CLOSEST = 2000;
const ROOM_BEHIND = 1.04;
/** Where the playhead comes to be when the view turns its page for it, as a share of the width. */
const PAGE_AT = 0.08;

/** Zoom and scroll of a timeline. What draws follows it by `subscribe`, without rendering. */
export class TimelineView {
  #window: TimelineWindow = { from: 0, pixelsPerSecond: 1, width: 0, extent: 1 };
  /** Whole timeline on screen: stays so when its length or the window changes. */
  #fitted = true;
  readonly #changes = new Listeners();

  get window(): TimelineWindow {
    return this.#window;
  }
  get to(): number {
    return this.#window.from + this.#window.width / this.#window.pixelsPerSecond;
  }

  readonly subscribe = this.#changes.subscribe;

  x = (seconds: number): number => (seconds - this.#window.from) * this.#window.pixelsPerSecond;
  seconds = (x: number): number => this.#window.from + x / this.#window.pixelsPerSecond;

  setWidth(width: number): void {
    this.#enter({ ...this.#window, width });
  }
  setDuration(seconds: number): void {
    this.#enter({ ...this.#window, extent: Math.max(seconds, 0.1) * ROOM_BEHIND });
  }

  fit(): void {
    this.#fitted = true;
    this.#enter(this.#window);
  }

  /** 0: everything; 1: as close as it goes. Equal steps feel equal. */
  get zoom(): number {
    const furthest = this.#furthest(this.#window);
    return furthest >= CLOSEST ? 0 : Math.log(this.#window.pixelsPerSecond / furthest) / Math.log(CLOSEST / furthest);
  }
  setZoom(zoom: number, around: number): void {
    const furthest = this.#furthest(this.#window);
    this.zoomTo(furthest * (Math.max(furthest, CLOSEST) / furthest) ** zoom, around);
  }
  zoomBy(factor: number, around: number): void {
    this.zoomTo(this.#window.pixelsPerSecond * factor, around);
  }
  /** What is at `around` seconds stays where it is on screen. */
  zoomTo(pixelsPerSecond: number, around: number): void {
    const furthest = this.#furthest(this.#window);
    const scale = Math.min(Math.max(pixelsPerSecond, furthest), Math.max(CLOSEST, furthest));
    this.#fitted = scale <= furthest * 1.0001;
    this.#enter({ ...this.#window, pixelsPerSecond: scale, from: around - this.x(around) / scale });
  }

  scrollTo(from: number): void {
    this.#enter({ ...this.#window, from });
  }
  scrollBy(pixels: number): void {
    this.scrollTo(this.#window.from + pixels / this.#window.pixelsPerSecond);
  }

  /** Turns the page when `seconds` is out of sight. */
  reveal(seconds: number): void {
    if (seconds >= this.#window.from && seconds <= this.to) return;
    this.scrollTo(seconds - (PAGE_AT * this.#window.width) / this.#window.pixelsPerSecond);
  }

  #furthest({ width, extent }: TimelineWindow): number {
    return Math.max(width, 1) / extent;
  }

  #enter(next: TimelineWindow): void {
    const furthest = this.#furthest(next);
    const pixelsPerSecond = this.#fitted ? furthest : Math.max(next.pixelsPerSecond, furthest);
    const from = Math.min(Math.max(0, next.from), Math.max(0, next.extent - next.width / pixelsPerSecond));
    const entered = { ...next, pixelsPerSecond, from };
    const before = this.#window;
    if (
      entered.from === before.from &&
      entered.pixelsPerSecond === before.pixelsPerSecond &&
      entered.width === before.width &&
      entered.extent === before.extent
    )
      return;
    this.#window = entered;
    this.#changes.tell();
  }
}
