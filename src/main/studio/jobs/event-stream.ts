import type { JobEvent } from '../../../shared/domain/job.ts';

/**
 * A job's events for any number of readers. A reader gets everything from the beginning; of progress,
 * which only its newest value matters of, a slow or late reader gets the newest.
 */
export class EventStream implements AsyncIterable<JobEvent> {
  readonly #history: (JobEvent | null)[] = []; // null: progress that a newer one replaced
  #lastProgress = -1;
  #ended = false;
  #wake = Promise.withResolvers<void>();

  push(event: JobEvent): void {
    if (isProgress(event)) {
      if (this.#lastProgress >= 0) this.#history[this.#lastProgress] = null;
      this.#lastProgress = this.#history.length;
    }
    this.#history.push(event);
    this.#notify();
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  #notify(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobEvent, void, undefined> {
    for (let position = 0; ;) {
      while (position < this.#history.length) {
        const event = this.#history[position];
        position += 1;
        if (event) yield event;
      }
      if (this.#ended) return;
      await this.#wake.promise;
    }
  }
}

function isProgress(event: JobEvent): boolean {
  return event.type === 'trainer' ? event.event.type === 'progress' : event.state.kind === 'running';
}
