// What the program asks of the set-up: the trainer's environment, wherever it lies, and wheels. `bootstrap.mjs` is for
// checkouts.

/** @typedef {import('./trainer-environment.mjs').SetupEvent} SetupEvent */

export { provideFarmEnvironment } from './farm-environment.mjs';
export { SIZES } from './environment-plan.mjs';
export { findPython } from './find-python.mjs';
export { downloadWheel } from './pip.mjs';
export { environmentState, pythonOf } from './environment-state.mjs';
export { oneAtATime } from './one-at-a-time.mjs';
export { SetupProblem } from './setup-problem.mjs';
export { provideEnvironment } from './trainer-environment.mjs';
