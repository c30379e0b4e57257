import type { StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Control } from './control.ts';
import type { AvatarDescription, DubFrame, GraphChoice } from './engine.ts';
import type { Picture } from './layer.ts';
import type { PlanarPicture } from './planar.ts';
import type { SpeedFigures } from './speed.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly threads: number;
  readonly graph: GraphChoice;
}

/** The engine's operations as seen from outside the worker: name -> [argument, answer]. */
export interface Operations {
  motion: [{ readonly waveform: Float32Array; readonly fps: number; readonly frames: number }, Float32Array];
  renderFrame: [{ readonly control: Control }, Uint8Array];
  renderPicture: [{ readonly control: Control; readonly height: number; readonly into?: Uint8Array }, Picture];
  dub: [DubFrame, PlanarPicture];
  measure: [{ readonly height: number; readonly budgetMs: number }, SpeedFigures];
  close: [null, null];
}
export type Operation = keyof Operations;

export type Request = { [Name in Operation]: { readonly id: number; readonly operation: Name; readonly argument: Operations[Name][0] } }[Operation];

export type Reply =
  | { readonly kind: 'opened'; readonly description: AvatarDescription }
  | { readonly kind: 'refused'; readonly error: StudioErrorShape }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: StudioErrorShape };
