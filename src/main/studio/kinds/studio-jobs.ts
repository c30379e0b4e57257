import { existsSync } from 'node:fs';
import type { JobKind } from '../../../shared/contract/job.ts';
import type { Job } from '../../../shared/domain/job.ts';
import type { Base } from '../ground/base.ts';
import { type JobHandle, JobQueue, readJobLog } from '../jobs/index.ts';
import type { JobRecord, Library, Project } from '../library/index.ts';
import { KINDS, type RequestOf, type ResultOf, workAt, type Workplace } from './index.ts';
import { requireAll } from './needs.ts';

/** The library's jobs: what was asked for, by kind, and what becomes of it. */
export class StudioJobs {
  readonly #base: Base;
  readonly #queue: JobQueue;

  constructor(
    base: Base,
    place: Pick<Workplace, 'soundsOf' | 'withSoundOf' | 'addSpoken' | 'scriptOf' | 'takeSampleIn'>,
  ) {
    this.#base = base;
    this.#queue = new JobQueue(base.library.jobs, {
      work: workAt({ ...base, ...place }),
      checkpointOf: (job) => checkpointOf(base.library, job),
      onChange: (job, event) => {
        base.notify({ kind: 'job', job, event });
        if (event.type === 'state' && event.state.kind === 'done') base.notify({ kind: 'projects' });
      },
    });
  }

  /** Raises StudioError('not-found' | 'missing-tool') while what the kind needs is not there. */
  require(kind: JobKind, project: Project | null): void {
    requireAll(KINDS[kind].needs, this.#base, project);
  }

  /** Asks for a job. Raises as `require` does. */
  add<Name extends JobKind>(
    kind: Name,
    project: Project | null,
    request: RequestOf<Name>,
    runId: string | null = null,
  ): JobHandle<ResultOf<Name>> {
    this.require(kind, project);
    return this.#queue.add<ResultOf<Name>>({
      kind,
      lane: KINDS[kind].lane,
      projectId: project?.id ?? null,
      runId,
      request: KINDS[kind].request.parse(request),
    });
  }

  /** Those that run or wait, in whichever process; of a kind and of a project where those are said. */
  unfinished({ kind, project }: { readonly kind?: JobKind; readonly project?: Pick<Project, 'id'> } = {}): JobRecord[] {
    return this.#base.library.jobs
      .unfinished()
      .filter((job) => (!kind || job.kind === kind) && (!project || job.projectId === project.id));
  }

  /** Newest first. */
  list(): Job[] {
    return this.#base.library.jobs.list();
  }

  cancel(id: string): void {
    this.#queue.cancel(id);
  }

  /** A waiting job begins earlier (-1) or later (1). Raises StudioError('not-found' | 'bad-request'). */
  move(id: string, by: -1 | 1): void {
    this.#queue.move(id, by);
    this.#base.notify({ kind: 'jobs' });
  }

  /** The end of what a job wrote. Raises StudioError('not-found'). */
  log(id: string): Promise<{ events: string; output: string }> {
    return readJobLog(this.#base.library.paths.job(this.#queue.find(id).id));
  }

  /** Raises StudioError('not-found' | 'busy' | 'bad-request'). */
  resume(id: string): JobHandle {
    return this.#queue.resume(id);
  }

  /** How many jobs this process has running or waiting: those that end with it. */
  atWork(): number {
    return this.#queue.size;
  }

  /** Stops this process's jobs; they can be resumed. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}

function checkpointOf({ runs, paths }: Library, { projectId, runId }: JobRecord): string | null {
  const run = runId && runs.get(runId);
  const path = run && projectId && paths.checkpoint(projectId, run.number);
  return path && existsSync(path) ? path : null;
}
