/** Makes the films of a table, as the command does, and is killed while the second one is drawn. */
import { openStudio } from '../studio/studio.ts';
import { COLUMNS, filmsOf } from './list-rows.ts';

const [libraryDir, table] = process.argv.slice(2) as [string, string];
const studio = openStudio({ libraryDir });
let made = 0;
await studio.lists.make(await filmsOf(studio, table, await studio.lists.read(table, COLUMNS)), {
  table,
  signal: new AbortController().signal,
  onRow: () => (made += 1),
  follow: async (job) => {
    for await (const event of job.events)
      if (made === 1 && event.type === 'state' && event.state.kind === 'running')
        if (event.state.progress?.stage === 'frames') process.kill(process.pid, 'SIGKILL');
    return job.result;
  },
});
