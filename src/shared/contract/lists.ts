import { z } from 'zod';
import { StudioErrorShape } from './errors.ts';

/** What became of a row of a list of films. */
export const ListedResult = z.object({
  row: z.int(), // as a spreadsheet counts: the header is 1; of JSON the first is 1
  project: z.string(),
  out: z.string(), // the film
  /** `there`: it was made of the same by an earlier run. `waiting`: the list was stopped before it. */
  state: z.enum(['made', 'there', 'failed', 'cancelled', 'waiting']),
  frames: z.int().nullable(), // of a film that this run made
  seconds: z.number().nullable(),
  error: StudioErrorShape.nullable(),
});
export type ListedResult = z.infer<typeof ListedResult>;

export const ExportListResult = z.object({
  results: z.string(), // the table of results
  rows: z.array(ListedResult),
});
export type ExportListResult = z.infer<typeof ExportListResult>;
