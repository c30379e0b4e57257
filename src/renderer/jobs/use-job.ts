import { useQuery } from '@tanstack/react-query';
import type { JobKind, JobView } from '../../shared/contract/job.ts';
import { useStudio } from '../ground/connection.tsx';

export function useJobs(): readonly JobView[] {
  const { queries } = useStudio();
  return useQuery(queries.jobs.list.queryOptions()).data ?? [];
}

/** The newest job of one kind on a project, finished or not. */
export function useJob(projectId: string, kind: JobKind): JobView | undefined {
  return newestFirst(useJobs(), projectId, kind)[0];
}

/** Every job of one kind on a project that is at work, the one that runs first; with none, the newest. */
export function useJobsOf(projectId: string, kind: JobKind): readonly JobView[] {
  const jobs = newestFirst(useJobs(), projectId, kind);
  const atWork = jobs.filter(active).toSorted((a, b) => rank(a) - rank(b) || a.position - b.position);
  return atWork.length > 0 ? atWork : jobs.slice(0, 1);
}

const rank = ({ status }: JobView): number => (status === 'running' ? 0 : 1);

function newestFirst(jobs: readonly JobView[], projectId: string, kind: JobKind): readonly JobView[] {
  return jobs
    .filter((job) => job.projectId === projectId && job.kind === kind)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export const active = (job: JobView | undefined): boolean => job?.status === 'queued' || job?.status === 'running';

/** How far it is on its whole way, in whole percent: the one figure of a job, wherever it is shown. */
export const percentOf = ({ progress }: JobView): number => Math.floor(100 * (progress?.share ?? 0));
