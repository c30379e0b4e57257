import type { StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Control } from './bundle/index.ts';
import type { PortraitPicture, SpeedFigures } from './draw/index.ts';
import type { DubFrame, PlanarPicture } from './dub/index.ts';
import type { AvatarDescription, GraphChoice } from './engine.ts';
import type { Spoken, Variation } from './speech/index.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly threads: number;
  readonly graph: GraphChoice;
}

/** The engine's operations as seen from outside the worker: name -> [argument, answer]. */
export interface Operations {
  speak: [
    {
      readonly waveform: Float32Array;
      readonly fps: number;
      readonly frames: number;
      readonly variation?: Variation | undefined;
    },
    Spoken,
  ];
  drawHead: [{ readonly control: Control }, Uint8Array];
  drawPortrait: [{ readonly control: Control; readonly height: number; readonly into?: Uint8Array }, PortraitPicture];
  dub: [DubFrame, PlanarPicture];
  measure: [{ readonly height: number; readonly budgetMs: number }, SpeedFigures];
  close: [null, null];
}
export type Operation = keyof Operations;

export type Request = {
  [Name in Operation]: { readonly id: number; readonly operation: Name; readonly argument: Operations[Name][0] };
}[Operation];
/** Nobody waits for the answer any more: it may be left out, and what is left of the work. */
export interface Cancellation {
  readonly operation: 'cancel';
  readonly id: number;
}

export type Reply =
  | { readonly kind: 'beat' }
  | { readonly kind: 'opened'; readonly description: AvatarDescription }
  | { readonly kind: 'refused'; readonly error: StudioErrorShape }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: StudioErrorShape };
