import { Store } from '../store.ts';

/** One command of the window: palette, keyboard, shortcut editor and help all read it. */
export interface Action {
  /** "playback.toggle". It never changes: a person's own shortcuts name it. */
  readonly id: string;
  readonly title: string;
  /** Under which heading the palette and the shortcut editor list it. */
  readonly group: string;
  /** As in shortcut.ts: "Mod+K", "Space", "Shift+ArrowLeft". */
  readonly shortcuts?: readonly string[];
  /** Whether it can be done now; true when left out. */
  readonly enabled?: boolean;
  /** Done again and again while the key is held: a step by frames, for instance. */
  readonly repeats?: boolean;
  /** Its shortcut works in a text field and over a dialog too. */
  readonly everywhere?: boolean;
  run(): void;
}

/** What is known of an action whether or not it can be done now. */
export type ActionName = Pick<Action, 'id' | 'title' | 'group'> & { readonly shortcuts: readonly string[] };

/** A person's own shortcuts, by action; none at all is a choice too. */
export type OwnShortcuts = Readonly<Record<string, readonly string[]>>;

/**
 * Every command of the window. Parts of the window add theirs while they are on screen; of two with the same id the one
 * that came later counts. What was once added stays known by name, so that its shortcut can be changed from anywhere.
 */
export class ActionRegistry {
  readonly #sets = new Map<object, readonly Action[]>();
  readonly #names = new Map<string, ActionName>();
  readonly #version = new Store(0);
  #own: OwnShortcuts = {};
  #seen = '';

  /** Sets what one part of the window offers now. */
  offer(part: object, actions: readonly Action[]): void {
    this.#sets.set(part, actions);
    this.know(actions);
    this.#changed();
  }

  withdraw(part: object): void {
    this.#sets.delete(part);
    this.#changed();
  }

  /** Makes names known before their part of the window is on screen. */
  know(actions: readonly Pick<Action, 'id' | 'title' | 'group' | 'shortcuts'>[]): void {
    for (const { id, title, group, shortcuts = [] } of actions) this.#names.set(id, { id, title, group, shortcuts });
  }

  get own(): OwnShortcuts {
    return this.#own;
  }

  setOwn(own: OwnShortcuts): void {
    this.#own = own;
    this.#changed();
  }

  /** What can be done now, in the order it was added. */
  offered(): readonly Action[] {
    const byId = new Map<string, Action>();
    for (const actions of this.#sets.values()) for (const action of actions) byId.set(action.id, action);
    return [...byId.values()].filter(({ enabled }) => enabled !== false);
  }

  /** Every action ever added, by group. */
  names(): readonly ActionName[] {
    return [...this.#names.values()].toSorted((a, b) => a.group.localeCompare(b.group));
  }

  /** A person's own shortcuts for an action, else the usual ones. */
  shortcutsOf(id: string): readonly string[] {
    return this.#own[id] ?? this.#names.get(id)?.shortcuts ?? [];
  }

  /** The other actions that a shortcut stands for. */
  conflicts(shortcut: string, id: string): readonly ActionName[] {
    return this.names().filter((other) => other.id !== id && this.shortcutsOf(other.id).includes(shortcut));
  }

  /** What the first of these strokes that means something does now. */
  find(strokes: readonly string[]): Action | undefined {
    const offered = this.offered();
    for (const stroke of strokes) {
      const action = offered.findLast(({ id }) => this.shortcutsOf(id).includes(stroke));
      if (action) return action;
    }
    return undefined;
  }

  run(id: string): void {
    this.offered()
      .find((action) => action.id === id)
      ?.run();
  }

  /** Counts changes of what is shown; a new closure of the same action is none. */
  get version(): Store<number> {
    return this.#version;
  }

  #changed(): void {
    const seen = JSON.stringify([
      [...this.#sets.values()].map((actions) =>
        actions.map(({ id, title, group, enabled, shortcuts }) => [id, title, group, enabled !== false, shortcuts]),
      ),
      this.#own,
    ]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#version.set(this.#version.get() + 1);
  }
}

/** The window's own. */
export const actions = new ActionRegistry();
