import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { JobView } from '../../../shared/contract/studio.ts';
import type { TrainerState } from '../../../shared/contract/system.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { useNotices } from '../../ground/notices.tsx';
import { useJobs } from '../../jobs/use-job.ts';

export interface Trainer {
  /** Undefined until it is known. */
  readonly state: TrainerState | undefined;
  /** The newest set-up, whatever became of it. */
  readonly job: JobView | undefined;
  /** Whether a job failed for want of the trainer, which is missing still or was set up since. */
  readonly wanted: (job: JobView | undefined) => boolean;
  /** Resolves when the set-up waits or runs; what fails is told. */
  readonly setUp: () => Promise<boolean>;
}

/** The trainer's Python environment, which analysis and training need. */
export function useTrainer(): Trainer {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const { data: state } = useQuery(queries.system.trainer.queryOptions({ staleTime: Infinity }));
  useNotices((notice) => {
    if (notice.kind === 'job' && notice.job.kind === 'set-up' && notice.job.status !== 'running')
      void cache.invalidateQueries({ queryKey: queries.system.key() });
  });
  const job = useJobs()
    .filter(({ kind }) => kind === 'set-up')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  const setUp = () =>
    client.system.setUpTrainer().then(
      () => true,
      (error: unknown) => {
        tell(error);
        return false;
      },
    );
  const wanted = (failed: JobView | undefined) =>
    failed?.error?.code === 'missing-tool' &&
    (state?.kind === 'absent' || (job?.status === 'done' && (job.finishedAt ?? '') > (failed.finishedAt ?? '')));
  return { state, job, wanted, setUp };
}
