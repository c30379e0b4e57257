import { oc } from '@orpc/contract';
import { z } from 'zod';
import { StudioErrorShape } from './errors.ts';
import { FileRef, JobId } from './refs.ts';

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

/** A row as a window shows it. */
export const ListRow = z.object({
  row: z.int(),
  project: z.string(),
  says: z.string(), // the beginning of the text, or the name of the file
  out: z.string(),
});
export type ListRow = z.infer<typeof ListRow>;

/** What is wrong with a cell. */
export const CellFault = z.object({ row: z.int(), column: z.string(), message: z.string() });
export type CellFault = z.infer<typeof CellFault>;

/** The list that was begun last, as windows follow it. */
export const ListView = z.object({
  id: z.string(),
  name: z.string(), // of the table
  results: z.string(), // where the table of results lies
  rows: z.array(
    ListRow.extend({
      state: ListedResult.shape.state,
      seconds: z.number().nullable(),
      error: StudioErrorShape.nullable(),
    }),
  ),
  making: z.object({ row: z.int(), job: JobId }).nullable(), // the row whose text is spoken or whose film is made now
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('running') }),
    z.object({ kind: z.literal('done') }), // every row came to its end, good or bad
    z.object({ kind: z.literal('stopped') }),
    z.object({ kind: z.literal('failed'), error: StudioErrorShape }), // by what would meet every film
  ]),
});
export type ListView = z.infer<typeof ListView>;

const table = z.object({ file: FileRef, name: z.string().trim().min(1).max(255) }); // what its file is called

export const listsContract = {
  lists: {
    /**
     * The rows of a table of films, and all that is wrong with them; without faults it can be made. Raises
     * 'bad-request' for what is no table.
     */
    read: oc.input(table).output(z.object({ rows: z.array(ListRow), faults: z.array(CellFault) })),
    /**
     * Begins to make the films. Raises 'bad-request' for a table with faults, and 'busy' while another list is being
     * made.
     */
    make: oc.input(table).output(ListView),
    /** The list that was begun last since this program was started, however it ended; null before the first. */
    newest: oc.output(ListView.nullable()),
    /** Ends a list and the film that is being made; the same table given again goes on. */
    stop: oc.input(z.object({ id: z.string() })).output(z.object({})),
  },
};
