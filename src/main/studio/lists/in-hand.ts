import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ListedResult, ListView } from '../../../shared/contract/lists.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { ListedFilm } from './listed-film.ts';
import { shownText } from './shown-row.ts';

/** What makes the films of a list, one after the other; as `StudioLists.make`. */
export type MakeAll = (making: {
  readonly signal: AbortSignal;
  readonly follow: <Result>(job: JobHandle<Result>, film: ListedFilm) => Promise<Result>;
  readonly onRow: (result: ListedResult) => void;
}) => Promise<unknown>;

/** A list that windows follow: it is made here whoever looks on. */
export class ListInHand {
  readonly #stop = new AbortController();
  readonly #tell: () => void;
  readonly #ended: Promise<void>;
  #view: ListView;
  #job: { cancel(): void } | null = null;

  /** `tell` is called after each change. */
  constructor(
    named: Pick<ListView, 'name' | 'results'>,
    films: readonly ListedFilm[],
    make: MakeAll,
    tell: () => void,
  ) {
    this.#tell = tell;
    const rows = films.map((film) => ({
      row: film.row,
      project: film.project,
      says: shownText(film.says.kind === 'script' ? film.says.script.text : basename(film.says.path)),
      out: film.outPath,
      state: 'waiting' as const,
      seconds: null,
      error: null,
    }));
    this.#view = { id: randomUUID(), ...named, rows, making: null, state: { kind: 'running' } };
    this.#ended = Promise.resolve().then(() => this.#run(make)); // once whoever made this has it
  }

  get view(): ListView {
    return this.#view;
  }

  /** Ends it and the film that is being made; what is made stays. */
  stop(): void {
    this.#stop.abort();
    this.#job?.cancel();
  }

  /** No other film is begun; whoever ends the program ends the one that is being made. Resolves when that has ended. */
  close(): Promise<void> {
    this.#stop.abort();
    return this.#ended;
  }

  async #run(make: MakeAll): Promise<void> {
    const { signal } = this.#stop;
    try {
      await make({
        signal,
        follow: async (job, { row }) => {
          this.#job = job;
          if (signal.aborted) job.cancel();
          this.#change({ making: { row, job: job.id } });
          try {
            return await job.result;
          } finally {
            this.#job = null;
          }
        },
        onRow: ({ row, state, seconds, error }) =>
          this.#change({
            making: null,
            rows: this.#view.rows.map((one) => (one.row === row ? { ...one, state, seconds, error } : one)),
          }),
      });
      this.#change({ making: null, state: { kind: 'done' } });
    } catch (cause) {
      const error = asStudioError(cause);
      this.#change({
        making: null,
        state: signal.aborted ? { kind: 'stopped' } : { kind: 'failed', error: error.toJSON() },
      });
    }
  }

  #change(change: Partial<ListView>): void {
    this.#view = { ...this.#view, ...change };
    this.#tell();
  }
}
