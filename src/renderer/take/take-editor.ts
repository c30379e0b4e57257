import type { Take } from '../../shared/domain/take.ts';
import { Listeners } from '../ground/store.ts';
import { begin, edited, type History, redoLabel, redone, settled, undoLabel, undone } from './history.ts';

/** Where takes are kept. */
export interface TakeStore {
  load(): Promise<{ readonly take: Take; readonly revision: number }>;
  /** Rejects when `revision` is not the newest, and `isBusy` says so. */
  save(take: Take, revision: number): Promise<{ readonly revision: number }>;
  isBusy(error: unknown): boolean;
}

export interface TakeEvents {
  /** Somebody else's edit took the place of one that was not saved yet. */
  readonly overtaken: () => void;
  /** It will be tried again. */
  readonly saveFailed: (error: unknown) => void;
}

const QUIET_MS = 400;
const RETRY_MS = 3000;

/** The take of one project: every edit can be undone, and is saved a moment later. */
export class TakeEditor {
  #history: History<Take>;
  #revision: number;
  #saved: Take;
  #newest: number;
  #saving: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failed = false;
  readonly #store: TakeStore;
  readonly #events: TakeEvents;
  readonly #changes = new Listeners();

  constructor(opened: { readonly take: Take; readonly revision: number }, store: TakeStore, events: TakeEvents) {
    this.#history = begin(opened.take);
    this.#saved = opened.take;
    this.#revision = this.#newest = opened.revision;
    this.#store = store;
    this.#events = events;
  }

  /** The same object until something changes. */
  get history(): History<Take> {
    return this.#history;
  }
  get take(): Take {
    return this.#history.present;
  }
  get saved(): boolean {
    return this.take === this.#saved;
  }
  get canUndo(): string | null {
    return undoLabel(this.#history);
  }
  get canRedo(): string | null {
    return redoLabel(this.#history);
  }

  readonly subscribe = this.#changes.subscribe;

  /** Edits with the same `gesture` are undone together, until `settle`. */
  edit(label: string, change: (take: Take) => Take, gesture: string | null = null): void {
    this.#enter(edited(this.#history, label, change(this.take), gesture));
  }
  settle(): void {
    this.#enter(settled(this.#history));
  }
  undo(): void {
    this.#enter(undone(this.#history));
  }
  redo(): void {
    this.#enter(redone(this.#history));
  }

  /** The core says that this revision exists. */
  heard(revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (!this.#saving) void this.#catchUp();
  }

  /** Saves what is not saved yet, now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (!this.saved && !this.#failed) await (this.#saving ?? this.#save());
    await this.#saving;
  }

  #enter(history: History<Take>): void {
    if (history === this.#history) return;
    const changed = history.present !== this.take;
    this.#history = history;
    if (changed) this.#saveSoon(QUIET_MS);
    this.#changes.tell();
  }

  #saveSoon(afterMs: number): void {
    this.#failed = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void (this.#saving ?? this.#save()), afterMs);
  }

  #save(): Promise<void> {
    const { take } = this;
    if (take === this.#saved) return Promise.resolve();
    this.#saving = (async () => {
      try {
        this.#revision = (await this.#store.save(take, this.#revision)).revision;
        this.#saved = take;
      } catch (error) {
        if (this.#store.isBusy(error)) return await this.#load(true);
        this.#events.saveFailed(error);
        this.#saveSoon(RETRY_MS);
        this.#failed = true;
      }
    })().finally(() => {
      this.#saving = null;
      if (!this.saved && !this.#failed) this.#saveSoon(QUIET_MS);
      else void this.#catchUp();
    });
    return this.#saving;
  }

  /**
   * Another window saved: what is on screen here follows, unless it has edits of its own, which the next save sorts
   * out.
   */
  async #catchUp(): Promise<void> {
    if (this.#newest <= this.#revision || !this.saved || this.#saving) return;
    await this.#load(false).catch(this.#events.saveFailed);
  }

  /** Takes over the newest one, as an edit: what was here can be brought back by undo. */
  async #load(overtaken: boolean): Promise<void> {
    const before = this.take;
    const { take, revision } = await this.#store.load();
    if (revision <= this.#revision || (!overtaken && this.take !== before)) return;
    this.#revision = revision;
    this.#newest = Math.max(this.#newest, revision);
    this.#saved = take;
    this.#enter(edited(this.#history, 'change in another window', take));
    clearTimeout(this.#timer);
    if (overtaken) this.#events.overtaken();
  }
}
