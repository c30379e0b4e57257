import { useRef } from 'react';
import type { JobView } from '../../../shared/contract/studio.ts';
import { useActions } from '../../ground/actions/index.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { useNotices } from '../../ground/notices.tsx';
import { go } from '../../ground/route.ts';
import { useJobs } from '../../jobs/use-job.ts';

/** The synthetic person: drawn the first time, which is a job; then a project like any other, which is opened. */
export function useSample(): { readonly job: JobView | undefined; readonly begin: () => void } {
  const { client } = useStudio();
  const awaited = useRef<string>(undefined);
  const begin = () => {
    client
      .sample()
      .then(({ projectId, jobId }) => {
        awaited.current = jobId ?? undefined;
        if (projectId !== null) go({ kind: 'project', id: projectId, step: 'source' });
      })
      .catch(tell);
  };
  useNotices((notice) => {
    if (notice.kind !== 'job' || notice.job.status !== 'done' || notice.job.id !== awaited.current) return;
    begin(); // it is a project by now
  });
  useActions([{ id: 'library.sample', title: 'Try it with the sample person', group: 'Library', run: begin }]);
  const job = useJobs()
    .filter(({ kind, status }) => kind === 'demo-sample' && status !== 'done')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  return { job, begin };
}
