import type { MessagePort } from 'node:worker_threads';
import type { StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Control } from './bundle/index.ts';
import type { DrawnForm, PortraitPicture, PortraitWish } from './draw/index.ts';
import type { DubFrame, PlanarPicture } from './dub/index.ts';
import type { Networks } from './providers/index.ts';
import type { AvatarDescription, GraphChoice } from './description.ts';
import type { Hearing, Spoken } from './speech/index.ts';

/** What the engine's thread is started with. */
export interface EngineSetup {
  readonly path: string;
  readonly threads: number;
  readonly graph: GraphChoice;
  readonly networks: Networks | undefined;
  readonly hubert: string | undefined;
  /** What a dub's frames have of those before them, for all threads. */
  readonly film: SharedArrayBuffer;
}

/** What a thread is started with that only draws. */
export interface DrawingSetup {
  readonly film: SharedArrayBuffer;
  /** The engine's thread sends a `Lent` here, to this thread alone: whoever holds the memory too keeps it too long. */
  readonly lent: MessagePort;
}

/** What threads draw from beside the engine's own. */
export interface Lent {
  readonly form: DrawnForm;
  /** Where the form's large arrays lie. */
  readonly memory: WebAssembly.Memory;
}

/** The operations of a thread as seen from outside: name -> [argument, answer]. */
export interface Operations {
  speak: [
    {
      readonly waveform: Float32Array;
      readonly fps: number;
      readonly frames: number;
    } & Omit<Hearing, 'signal'>,
    Spoken,
  ];
  drawHead: [{ readonly control: Control }, Uint8Array];
  drawPortrait: [{ readonly control: Control } & PortraitWish, PortraitPicture];
  /** `number`: which frame of the film it is, in the order of asking. */
  dub: [{ readonly frame: DubFrame; readonly number: number }, PlanarPicture];
  /** Begins to hear a sound that is still coming in; the asker numbers it. */
  listen: [{ readonly ear: number }, null];
  /** What came in of it since: rows [n,64] that are known now, 100 a second. */
  hear: [{ readonly ear: number; readonly samples: Float32Array }, Float32Array];
  hush: [{ readonly ear: number }, null];
  /** Sends what there is to draw from to a thread that only draws. */
  lend: [MessagePort, null];
  close: [null, null];
}
export type Operation = keyof Operations;

type RequestOf<Names extends Operation> = {
  [Name in Names]: { readonly id: number; readonly operation: Name; readonly argument: Operations[Name][0] };
}[Names];
export type Request = RequestOf<Operation>;
/** What every thread of an avatar can be asked. */
export type PictureRequest = RequestOf<'drawHead' | 'drawPortrait' | 'dub'>;
/** Nobody waits for the answer any more: it may be left out, and what is left of the work. */
export interface Cancellation {
  readonly operation: 'cancel';
  readonly id: number;
}

/** An answer, and what of it goes over to whoever asked. */
export type Served = readonly [value: Operations[Operation][1], transfer: ArrayBuffer[]];

/** What the engine's thread says once it is open. */
export interface Opened {
  readonly description: AvatarDescription;
  /** Whether other threads can draw the same; networks have threads of their own. */
  readonly lends: boolean;
}

export type Reply =
  | { readonly kind: 'beat' }
  | { readonly kind: 'opened'; readonly opened: Opened | null }
  | { readonly kind: 'refused'; readonly error: StudioErrorShape }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: StudioErrorShape };
