/** Makes the films of a table, as the command does, and is killed while the second one is drawn. */
import { openStudio } from '../studio/studio.ts';

const [libraryDir, path] = process.argv.slice(2) as [string, string];
const table = { kind: 'file', path } as const;
const studio = openStudio({ libraryDir });
let made = 0;
await studio.lists.make(await studio.lists.films(table), {
  results: studio.lists.resultsOf(table),
  signal: new AbortController().signal,
  onRow: () => (made += 1),
  follow: async (job) => {
    for await (const event of job.events)
      if (made === 1 && event.type === 'state' && event.state.kind === 'running')
        if (event.state.progress?.stage === 'frames') process.kill(process.pid, 'SIGKILL');
    return job.result;
  },
});
