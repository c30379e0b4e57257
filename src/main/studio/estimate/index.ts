/** How long trainings take on this computer: measured once for its settings, and kept. */
export { conditionsNow, type Conditions, EstimateResult, keepTimes, timesFor } from './training-times.ts';
