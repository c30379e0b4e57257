import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../shared/contract/index.ts';
import { JobView } from '../../shared/contract/studio.ts';
import { jobView } from '../../shared/domain/job.ts';
import type { Studio } from '../studio/studio.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const JobsResult = z.object({ jobs: z.array(JobView) });
const JobResult = z.object({ job: JobView });

/** The process that runs a job sees the request within a second; its trainer is gone after ten. */
const CANCEL_SECONDS = 15;

export function addJobs(program: Command, inSession: InSession): void {
  const jobs = program.command('jobs').description("The library's jobs: running, waiting, ended.");

  jobs
    .command('list')
    .description('Every job, the newest first.')
    .action(() =>
      inSession(async ({ studio, terminal }) => {
        const all = studio.jobs.list().map(jobView);
        answer(terminal, JobsResult, { jobs: all }, all.length > 0 ? all.map(line) : ['There are no jobs.']);
      }),
    );

  jobs
    .command('cancel')
    .description('Stops a job; a training keeps its last checkpoint.')
    .argument('<job>', 'its id')
    .action((id: string) =>
      inSession(async ({ studio, terminal, signal }) => {
        studio.jobs.cancel(id);
        const job = await ended(studio, id, signal);
        answer(terminal, JobResult, { job }, [line(job)]);
      }),
    );

  jobs
    .command('resume')
    .description('Takes up an interrupted, cancelled or failed job; a training goes on from its last checkpoint.')
    .argument('<job>', 'its id')
    .action((id: string) =>
      inSession(async (session) => {
        await followJob(session, session.studio.jobs.resume(id));
        const job = view(session.studio, id);
        answer(session.terminal, JobResult, { job }, [line(job)]);
      }),
    );
}

function view(studio: Studio, id: string): JobView {
  return jobView(studio.jobs.list().find((job) => job.id === id)!);
}

async function ended(studio: Studio, id: string, signal: AbortSignal): Promise<JobView> {
  const deadline = performance.now() + CANCEL_SECONDS * 1000;
  for (;;) {
    const job = view(studio, id);
    if (job.status !== 'running' && job.status !== 'queued') return job;
    if (performance.now() > deadline || signal.aborted) {
      throw new StudioError({
        code: 'busy',
        message: 'The job has been told to stop and has not stopped yet.',
        hint: 'See "likeness jobs list" in a moment.',
      });
    }
    await sleep(200);
  }
}

function line({ id, kind, status, progress, error, resumable }: JobView): string {
  const how = progress ? ` ${Math.floor(100 * progress.share)} %, ${progress.stage}` : '';
  const why = error ? `: ${error.message}` : '';
  return `${id}  ${kind.padEnd(11)} ${status}${how}${why}${resumable ? ' (can be resumed)' : ''}`;
}
