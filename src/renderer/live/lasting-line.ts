import type { LiveEvents, LiveLine } from '../ground/host/index.ts';

/** After a lost line; doubled each time it is lost again before it was of use, up to the last. */
const RETRY_MS = { first: 1000, last: 30_000 };

/** A line that is opened again when it was lost, until it is closed here. What an old line still says is not heard. */
export class LastingLine {
  readonly #openLine: (events: LiveEvents) => LiveLine;
  readonly #events: LiveEvents;
  #line: LiveLine | null = null;
  /** The same, once it takes messages. */
  #talking: LiveLine | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = RETRY_MS.first;

  constructor(openLine: (events: LiveEvents) => LiveLine, events: LiveEvents) {
    this.#openLine = openLine;
    this.#events = events;
  }

  get talking(): boolean {
    return this.#talking !== null;
  }

  /** At once, even when it waits after a loss; nothing when it is there. */
  open(): void {
    this.worked();
    if (!this.#line) this.#connect();
  }

  /** The line is of use: if it is lost now, that is no failure to open it. */
  worked(): void {
    this.#retryMs = RETRY_MS.first;
  }

  /** Lost is what is sent while there is no line. */
  send(message: string | ArrayBuffer): void {
    this.#talking?.send(message);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#line?.close();
    this.#line = this.#talking = null;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const line = this.#openLine({
      opened: () => {
        if (this.#line !== line) return;
        this.#talking = line;
        this.#events.opened();
      },
      message: (message) => this.#line === line && this.#events.message(message),
      lost: () => this.#line === line && this.#lost(),
    });
    this.#line = line;
  }

  #lost(): void {
    this.#line = this.#talking = null;
    this.#events.lost();
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.last);
  }
}
