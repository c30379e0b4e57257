import { resolve } from 'node:path';
import { ExportListResult, type ListedResult } from '../../shared/contract/lists.ts';
import { followJob } from './follow-job.ts';
import type { Session } from './session.ts';
import { answer, note } from './terminal.ts';

/** Makes the films of a table; the exit code is 2 where one of them could not be. Raises as `StudioLists.make` does. */
export async function exportList(session: Session, file: string, onFarm: boolean): Promise<void> {
  const { studio, terminal, signal } = session;
  const table = { kind: 'file', path: resolve(file) } as const;
  const films = await studio.lists.films(table);
  note(terminal, `${films.length} films are asked for.`);
  const farm = onFarm ? await studio.farm.films({ signal, say: (text) => note(terminal, text) }) : undefined;
  const leave = (): void => void farm?.close();
  signal.addEventListener('abort', leave);
  const result = await studio.lists
    .make(films, {
      results: studio.lists.resultsOf(table),
      signal,
      farm,
      follow: (job) => followJob(session, job),
      onRow: (row) => note(terminal, line(row)),
    })
    .finally(() => farm?.close());
  const count = (...states: ListedResult['state'][]) =>
    result.rows.filter(({ state }) => states.includes(state)).length;
  answer(terminal, ExportListResult, result, [
    ...result.rows.map(line),
    `${count('made')} made, ${count('there')} there already, ${count('failed', 'cancelled')} not made.`,
    `The table of results: ${result.results}`,
  ]);
  if (count('failed', 'cancelled') > 0) process.exitCode = 2;
}

function line({ row, state, project, out, seconds, error }: ListedResult): string {
  const length = seconds === null ? '' : `  ${seconds.toFixed(2)} s`;
  return `Row ${row}  ${state.padEnd(9)}  ${project}  ${out}${length}${error ? `  ${error.message}` : ''}`;
}
