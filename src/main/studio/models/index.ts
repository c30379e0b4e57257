/** Weights: what comes with the program, what a user may add, each known by its content. */
export { addModel, listModels, type Making, type ModelStatus, recognitionOf } from './models.ts';
export { hasHubert, type HubertGraph, hubertGraph, hubertOf, noHubert, requireHubert } from './hubert.ts';
export type { ModelEntry } from './registry.ts';
