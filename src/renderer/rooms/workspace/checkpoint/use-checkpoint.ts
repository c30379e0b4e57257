import { useRef } from 'react';
import type { JobView, ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useNotices } from '../../../ground/notices.tsx';
import { useJob } from '../../../jobs/use-job.ts';

/** The newest checkpoint as an avatar: the job that makes it, and how to ask for one or be rid of it. */
export function useCheckpoint(
  { id }: Pick<ProjectDetail, 'id'>,
  done?: () => void,
): { readonly job: JobView | undefined; readonly make: () => void; readonly drop: () => void } {
  const { client } = useStudio();
  const job = useJob(id, 'checkpoint');
  const awaited = useRef<string>(undefined);
  useNotices((notice) => {
    if (notice.kind !== 'job' || notice.job.id !== awaited.current || notice.job.status !== 'done') return;
    awaited.current = undefined;
    done?.();
  });
  return {
    job,
    make: () =>
      void client.work
        .tryCheckpoint({ id })
        .then(({ jobId }) => (awaited.current = jobId))
        .catch(tell),
    drop: () => void client.work.dropCheckpoint({ id }).catch(tell),
  };
}
