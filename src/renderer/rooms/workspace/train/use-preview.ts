import { useEffect, useRef, useState } from 'react';
import type { JobView, ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useNotices } from '../../../ground/notices.tsx';
import { aboutTime } from '../../../ground/about-time.ts';
import { useJob } from '../../../jobs/use-job.ts';

/** The newest checkpoint as an avatar: the job that makes it, and how to ask for one or be rid of it. */
export function usePreview(
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

const LOOK_MS = 10_000;

/** "3 min ago", and stays true while it is looked at. */
export function useAgo(moment: string): string {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = (now - Date.parse(moment)) / 1000;
  return seconds < 20 ? 'just now' : `${aboutTime(seconds)} ago`;
}
