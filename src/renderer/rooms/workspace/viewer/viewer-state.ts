import type { Step } from '../../../ground/route.ts';
import { filmChoices } from '../film/film-choices.ts';
import { isPortrait } from '../film/stage-look.ts';
import { Store, useStore } from '../../../ground/store.ts';
import { LAYER_NAMES, type Layer, type Mode } from './modes.ts';
import { FIT, type Zoom } from './placement.ts';

/** How this window looks at things; not part of a project. */
export interface ViewerState {
  /** What was chosen at each step. */
  readonly modes: Readonly<Partial<Record<Step, Mode>>>;
  readonly layers: readonly Layer[];
  /** Where split divides the picture, 0..1 from its left edge. */
  readonly divider: number;
  readonly zoom: Zoom;
  /** Perform and Export show a portrait in the film's shape, over its background. */
  readonly asFilm: boolean;
  /** The head in its crop box, to be turned freely, instead of the picture. */
  readonly headView: boolean;
}

const KEY = 'likeness:viewer';
const INITIAL: ViewerState = { modes: {}, layers: [], divider: 0.5, zoom: FIT, asFilm: true, headView: false };

/** Kept while the window is open, a reload included; another window has its own. */
export class ViewerStore {
  readonly #state: Store<ViewerState>;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.#state = new Store({ ...INITIAL, ...remembered(storage) });
  }

  get state(): Store<ViewerState> {
    return this.#state;
  }

  get = (): ViewerState => this.#state.get();

  set(change: Partial<ViewerState>): void {
    const next = { ...this.get(), ...change };
    const { layers, divider, asFilm } = next;
    this.#storage.setItem(KEY, JSON.stringify({ layers, divider, asFilm }));
    this.#state.set(next);
  }

  toggleLayer(layer: Layer): void {
    const { layers } = this.get();
    this.set({ layers: layers.includes(layer) ? layers.filter((one) => one !== layer) : [...layers, layer] });
  }
}

function remembered(storage: Pick<Storage, 'getItem'>): Partial<ViewerState> {
  try {
    const { layers, divider, asFilm } = JSON.parse(storage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return {
      ...(Array.isArray(layers) ? { layers: LAYER_NAMES.filter((layer) => layers.includes(layer)) } : {}),
      ...(typeof divider === 'number' && divider >= 0 && divider <= 1 ? { divider } : {}),
      ...(typeof asFilm === 'boolean' ? { asFilm } : {}),
    };
  } catch {
    return {};
  }
}

/** This window's. */
export const viewerStore = new ViewerStore(sessionStorage);

export function useViewerState(): ViewerState {
  return useStore(viewerStore.state);
}

/** What a step shows until something else is chosen there; at Export what the chosen film is of. */
export function modeAt(step: Step, { modes }: ViewerState, film = filmChoices.get()): Mode {
  return modes[step] ?? (step === 'perform' || (step === 'export' && isPortrait(film)) ? 'avatar' : 'source');
}
