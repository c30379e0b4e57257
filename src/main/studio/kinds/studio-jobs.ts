import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobKind, JobMade } from '../../../shared/contract/job.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { SoundId } from '../../../shared/domain/take.ts';
import type { Base } from '../ground/base.ts';
import { type JobHandle, JobQueue, readJobLog } from '../jobs/index.ts';
import type { JobRecord, Library, Project } from '../library/index.ts';
import { KINDS, type RequestOf, type ResultOf, workAt, type Workplace } from './index.ts';
import { requireAll } from './needs.ts';

/** How often a job that is watched is looked at: as often as anybody reads. */
const LOOK_MS = 250;
/** Whether other jobs' processes live is looked for at the first of so many: some systems start a program for it. */
const LOOKS_FOR_OWNER = 20;

/** The library's jobs: what was asked for, by kind, and what becomes of it. */
export class StudioJobs {
  readonly #base: Base;
  readonly #queue: JobQueue;

  constructor(base: Base, place: Omit<Workplace, keyof Base>) {
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

  /** Raises StudioError('not-found'). */
  get(id: string): Job {
    return this.#queue.find(id);
  }

  /**
   * A job as it is, and again each time that it changed, until it has ended or the signal says so. It may be another
   * process's, which tells nobody of it, so it is looked at. Raises StudioError('not-found').
   */
  async *watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<Job, void, undefined> {
    let told = '';
    for (let look = 0; !signal?.aborted; look++) {
      if (look % LOOKS_FOR_OWNER === 0) this.#queue.recover(); // its process may be gone
      const job = this.get(id);
      const now = JSON.stringify([job.state, job.position]);
      if (now !== told) yield job;
      if (job.state.kind !== 'queued' && job.state.kind !== 'running') return;
      told = now;
      await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => undefined); // it was aborted
    }
  }

  /** What a job made; null before it is done. */
  made({ projectId, state }: Job): JobMade | null {
    if (state.kind !== 'done') return null;
    const folder = projectId === null ? null : this.#base.library.paths.exports(projectId);
    const { path, captions, timeline, sound } = state.result;
    const files = [path, captions, timeline].filter((file) => typeof file === 'string');
    return {
      exports: files.filter((file) => dirname(file) === folder).map((file) => basename(file)),
      sound: SoundId.safeParse(sound).data ?? null,
    };
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
