import type { JobDetail } from '../../shared/contract/job.ts';
import { type Job, jobView } from '../../shared/domain/job.ts';
import type { Studio } from '../studio/studio.ts';
import type { implementation } from './implementation.ts';

/** The library's jobs. */
export function jobsRoutes(os: ReturnType<typeof implementation>, studio: Studio) {
  const detail = (job: Job): JobDetail => ({ ...jobView(job), made: studio.jobs.made(job) });
  return {
    jobs: {
      list: os.jobs.list.handler(() => studio.jobs.list().map(jobView)),
      get: os.jobs.get.handler(({ input }) => detail(studio.jobs.get(input.id))),
      events: os.jobs.events.handler(({ input, signal }) => {
        studio.jobs.get(input.id); // raises before anything is answered
        return details(studio.jobs.watch(input.id, signal));
      }),
      cancel: os.jobs.cancel.handler(({ input }) => {
        studio.jobs.cancel(input.id);
        return {};
      }),
      resume: os.jobs.resume.handler(({ input }) => {
        studio.jobs.resume(input.id);
        return {};
      }),
      move: os.jobs.move.handler(({ input }) => {
        studio.jobs.move(input.id, input.by);
        return {};
      }),
      log: os.jobs.log.handler(({ input }) => studio.jobs.log(input.id)),
    },
  };

  async function* details(jobs: AsyncIterable<Job>): AsyncGenerator<JobDetail, void, undefined> {
    for await (const job of jobs) yield detail(job);
  }
}
