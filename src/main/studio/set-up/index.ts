/** Making the trainer's Python environment from inside the program, for those who have no terminal. */
export { setUpTrainer } from './set-up-trainer.ts';
export { requireTrainer, trainerState } from './trainer-state.ts';
