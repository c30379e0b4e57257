import { Listeners } from '../ground/store.ts';
import { TakeEditor, type TakeEvents, type TakeStore } from './take-editor.ts';

export interface OpenTake {
  readonly id: string;
  readonly editor: TakeEditor;
}

/** Where the takes of a project are kept. */
export interface TakeShelf {
  /** The id of the take that is open by default. */
  usual(): Promise<string>;
  store(id: string): TakeStore;
  /** From now on it is the one that is open by default. */
  opened(id: string): void;
}

/** The takes of a project that this window has opened, each with its history; one of them is in hand. */
export class OpenTakes {
  readonly #shelf: TakeShelf;
  readonly #events: TakeEvents;
  readonly #editors = new Map<string, TakeEditor>();
  readonly #changes = new Listeners();
  #inHand: OpenTake | null = null;
  #wanted: string | null = null;

  constructor(shelf: TakeShelf, events: TakeEvents) {
    this.#shelf = shelf;
    this.#events = events;
  }

  /** Null before the first was opened; the same object until another is. */
  get inHand(): OpenTake | null {
    return this.#inHand;
  }
  readonly subscribe = this.#changes.subscribe;

  /** The one that was in hand before a reload, if it is still there, else the one that is open by default. */
  async begin(before: string | null): Promise<void> {
    if (before !== null) {
      try {
        return await this.#take(before);
      } catch {
        // It was removed meanwhile.
      }
    }
    await this.#take(await this.#shelf.usual());
  }

  /** Takes another in hand; what was edited in the one before is saved. Rejects when it cannot be read. */
  async open(id: string): Promise<void> {
    void this.flush();
    await this.#take(id);
    this.#shelf.opened(id);
  }

  /** The core says that this revision of a take exists. */
  heard(id: string, revision: number): void {
    this.#editors.get(id)?.heard(revision);
  }

  /** Saves what is not saved yet, now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#editors.values()].map((editor) => editor.flush()));
  }

  async #take(id: string): Promise<void> {
    this.#wanted = id;
    let editor = this.#editors.get(id);
    if (!editor) {
      const store = this.#shelf.store(id);
      const loaded = await store.load();
      editor = this.#editors.get(id) ?? new TakeEditor(loaded, store, this.#events);
      this.#editors.set(id, editor);
    }
    if (this.#wanted !== id || this.#inHand?.id === id) return; // another was asked for meanwhile
    this.#inHand = { id, editor };
    this.#changes.tell();
  }
}
