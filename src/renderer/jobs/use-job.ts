import { useQuery } from '@tanstack/react-query';
import type { JobKind, JobView } from '../../shared/contract/job.ts';
import { useStudio } from '../ground/connection.tsx';

export function useJobs(): readonly JobView[] {
  const { queries } = useStudio();
  return useQuery(queries.jobs.list.queryOptions()).data ?? [];
}

/** The newest job of one kind on a project, finished or not. */
export function useJob(projectId: string, kind: JobKind): JobView | undefined {
  return useJobs()
    .filter((job) => job.projectId === projectId && job.kind === kind)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

export const active = (job: JobView | undefined): boolean => job?.status === 'queued' || job?.status === 'running';

/** How far it is on its whole way, in whole percent: the one figure of a job, wherever it is shown. */
export const percentOf = ({ progress }: JobView): number => Math.floor(100 * (progress?.share ?? 0));
