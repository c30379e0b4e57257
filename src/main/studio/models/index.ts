/** Weights: what comes with the program, what a user may add, each known by its content. */
export { addModel, listModels, type ModelStatus } from './models.ts';
export type { ModelEntry } from './registry.ts';
