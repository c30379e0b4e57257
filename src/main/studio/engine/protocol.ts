import type { StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Control } from './bundle/control.ts';
import type { AvatarDescription, DubFrame, GraphChoice } from './engine.ts';
import type { Spoken } from './speech/speech-drive.ts';
import type { PlanarPicture } from './dub/planar.ts';
import type { PortraitPicture } from './draw/portrait.ts';
import type { SpeedFigures } from './speed.ts';
import type { Variation } from './speech/variation.ts';

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
  renderFrame: [{ readonly control: Control }, Uint8Array];
  renderPicture: [{ readonly control: Control; readonly height: number; readonly into?: Uint8Array }, PortraitPicture];
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
  | { readonly kind: 'opened'; readonly description: AvatarDescription }
  | { readonly kind: 'refused'; readonly error: StudioErrorShape }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: StudioErrorShape };
