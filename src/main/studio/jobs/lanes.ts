/**
 * Where jobs wait, and how many of a lane run at once, whichever processes asked for them. A kind of job names its
 * lane; a new lane, or room for one more, is a line here.
 */
export const LANES = {
  trainer: 1, // two trainers would share the same cores, memory and GPU
  checkpoint: 1, // some seconds of one core, beside its training
  'face-basis': 1, // some seconds of one core
  'hubert-graphs': 1, // a minute of one core
  media: 1, // pictures and exports
  voice: 1, // a voice that is fetched, and scripts that are spoken with it
} as const satisfies Readonly<Record<string, number>>;
export type Lane = keyof typeof LANES;

/** Of a lane that this version does not know: one job at a time. */
export function capacityOf(lane: string, lanes: Readonly<Record<string, number>> = LANES): number {
  return lanes[lane] ?? 1;
}
