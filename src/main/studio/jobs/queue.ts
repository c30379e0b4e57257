import { randomUUID } from 'node:crypto';
import { StudioError } from '../../../shared/contract/index.ts';
import type { JobState } from '../../../shared/contract/job.ts';
import { after, type Job, type JobEvent, progressOf } from '../../../shared/domain/job.ts';
import { asStudioError, knownError } from '../../../shared/domain/system-error.ts';
import type { JobRecord, JobRecords, NewJob } from '../library/index.ts';
import { EventStream } from './event-stream.ts';
import { capacityOf } from './lanes.ts';
import { identityOf, isAlive, pidOf, type ProcessIdentity } from '../ground/process-identity.ts';
import { signalTree } from './process-tree.ts';

/** What a job's work is given. */
export interface WorkContext {
  readonly job: JobRecord;
  /** The job ran before: go on from where it stopped. */
  readonly resumed: boolean;
  readonly signal: AbortSignal;
  readonly report: (event: JobEvent) => void;
  /** The process that does the work, so that a later start can tell whether it still runs. */
  readonly setWorker: (worker: ProcessIdentity) => void;
}
/** What it raises is how the job ends; of the signal's reason, that it was stopped. */
export type Work = (context: WorkContext) => Promise<Record<string, unknown>>;

export interface JobHandle<Result = Record<string, unknown>> {
  readonly id: string;
  readonly events: AsyncIterable<JobEvent>;
  /** Raises the StudioError the job ended with. */
  readonly result: Promise<Result>;
  cancel(): void;
}

interface Running {
  readonly stop: AbortController;
  readonly stream: EventStream;
  readonly result: Promise<Record<string, unknown>>;
}

export interface QueueOptions {
  /** Does a job, by its kind. */
  readonly work: Work;
  /** The last checkpoint of a job that stopped, if it keeps any. */
  readonly checkpointOf: (job: JobRecord) => string | null;
  readonly onChange: (job: Job, event: JobEvent) => void;
  /** How many jobs of each lane run at once; `LANES` by default. */
  readonly lanes?: Readonly<Record<string, number>>;
}

/** How often a waiting job looks whether it is its turn, and a running one whether another process asks it to stop. */
const POLL_MS = 400;
/** The window draws what it is told; whoever asks anew sees how far it was a moment ago, and which stage it is in. */
const PERSIST_PROGRESS_MS = 1000;
/** How often an end that the database did not take is tried again. */
const KEPT_ENDS_MS = 2000;

/**
 * The queue of a library, shared by every process that has it open. A job belongs to the process that queued it;
 * of one lane, as many run at once as it has room for, in the order they were queued. A job whose process is gone is
 * interrupted.
 */
export class JobQueue {
  readonly #records: JobRecords;
  readonly #options: QueueOptions;
  /** This process, and which queue of it: "1234@5678#…". */
  readonly #owner: string;
  readonly #running = new Map<string, Running>();
  readonly #keptEnds: NodeJS.Timeout;

  constructor(records: JobRecords, options: QueueOptions) {
    this.#records = records;
    this.#options = options;
    this.#owner = `${identityOf(process.pid)}#${randomUUID()}`;
    this.recover();
    this.#keptEnds = setInterval(() => records.tryKept(), KEPT_ENDS_MS).unref();
  }

  add<Result extends Record<string, unknown>>(job: NewJob): JobHandle<Result> {
    return this.#start(this.#records.add(job, this.#owner), false);
  }

  /**
   * Takes up a job that was interrupted, cancelled or failed. Raises StudioError('not-found' | 'busy' | 'bad-request').
   */
  resume(id: string): JobHandle {
    this.recover();
    const job = this.find(id);
    if (job.state.kind === 'done')
      throw new StudioError({ code: 'bad-request', message: 'This job is done.', hint: 'Start a new one.' });
    if (job.kind === 'unknown')
      throw new StudioError({
        code: 'bad-request',
        message: 'This job is of a kind that this version of Likeness does not know.',
        hint: 'Resume it with the version that it was started with.',
      });
    if (!this.#records.requeue(id, this.#owner))
      throw new StudioError({
        code: 'busy',
        message: 'This job is running or waiting already.',
        hint: 'Cancel it first to start it again.',
      });
    return this.#start(this.#records.get(id)!, job.startedAt !== null);
  }

  /** Raises StudioError('not-found'). A finished job stays as it is. */
  cancel(id: string): void {
    const job = this.find(id);
    const mine = this.#running.get(id);
    if (mine) return mine.stop.abort('cancel');
    if (this.#atWork(job)) return this.#records.requestCancel(id); // its own process sees the request
    this.#bury(job, { kind: 'cancelled', checkpoint: this.#checkpointOf(job), progress: progressOf(job.state) });
  }

  /**
   * A waiting job begins earlier (-1) or later (1) than its neighbour in the lane. Raises StudioError('not-found' |
   * 'bad-request').
   */
  move(id: string, by: -1 | 1): void {
    this.find(id);
    if (!this.#records.move(id, by))
      throw new StudioError({
        code: 'bad-request',
        message: 'Only a waiting job can be moved.',
        hint: 'It runs already, or has ended.',
      });
  }

  /** Events of a job that runs in this process. */
  events(id: string): AsyncIterable<JobEvent> | undefined {
    return this.#running.get(id)?.stream;
  }

  find(id: string): JobRecord {
    const job = this.#records.get(id);
    if (!job)
      throw new StudioError({
        code: 'not-found',
        message: `There is no job "${id}".`,
        hint: 'See "likeness jobs list".',
      });
    return job;
  }

  /** Jobs of this process that run or wait. */
  get size(): number {
    return this.#running.size;
  }

  /**
   * Jobs whose process is gone become interrupted, and what they left running is ended; so do those that are said to
   * be this queue's and are not.
   */
  recover(): void {
    for (const job of this.#records.unfinished())
      if (!this.#atWork(job))
        this.#bury(job, {
          kind: 'interrupted',
          checkpoint: this.#checkpointOf(job),
          progress: progressOf(job.state),
        });
  }

  /** Whether somebody runs this job, or waits for its turn. */
  #atWork({ id, owner }: JobRecord): boolean {
    return owner === this.#owner ? this.#running.has(id) : ownerAlive(owner);
  }

  #bury(job: JobRecord, state: JobState): void {
    if (job.worker && isAlive(job.worker)) signalTree(pidOf(job.worker), 'SIGKILL');
    if (this.#records.finish(job.id, state, job.owner))
      this.#options.onChange({ ...job, state }, { type: 'state', state });
  }

  /** Stops this process's jobs so that they can be resumed later. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stop } of all) stop.abort('close');
    await Promise.allSettled(all.map(({ result }) => result));
    clearInterval(this.#keptEnds);
    this.#records.tryKept();
  }

  #start<Result extends Record<string, unknown>>(job: JobRecord, resumed: boolean): JobHandle<Result> {
    const stop = new AbortController();
    const stream = new EventStream();
    const result = Promise.resolve().then(() => this.#run(job, resumed, stop, stream)); // once it stands below
    result.catch(() => undefined); // whoever waits for it hears of it; a job nobody waits for is in the list
    this.#running.set(job.id, { stop, stream, result });
    this.#options.onChange(job, { type: 'state', state: job.state });
    return { id: job.id, events: stream, result: result as Promise<Result>, cancel: () => this.cancel(job.id) };
  }

  async #run(
    job: JobRecord,
    resumed: boolean,
    stop: AbortController,
    stream: EventStream,
  ): Promise<Record<string, unknown>> {
    let state: JobState = job.state;
    let persistedAt = -Infinity;
    const report = (event: JobEvent): void => {
      state = after(state, event);
      const staged = event.type === 'state' || event.event.type === 'stage';
      if (state.kind === 'running' && (staged || performance.now() - persistedAt >= PERSIST_PROGRESS_MS)) {
        persistedAt = performance.now();
        this.#persist(job.id, state);
      }
      stream.push(event);
      this.#options.onChange({ ...job, state }, event);
    };
    const watch = setInterval(() => this.#cancelRequested(job.id) && stop.abort('cancel'), POLL_MS);
    let final: JobState | undefined;
    try {
      report({ type: 'state', state: { kind: 'queued' } });
      await this.#turn(job, stop.signal);
      report({ type: 'state', state: { kind: 'running', progress: null } });
      const result = await this.#options.work({
        job,
        resumed,
        signal: stop.signal,
        report,
        setWorker: (worker) => this.#roughly(() => this.#records.setWorker(job.id, worker)),
      });
      final = { kind: 'done', result };
      return result;
    } catch (error) {
      const shape = stop.signal.aborted && error === stop.signal.reason ? stopped() : asStudioError(error);
      final = this.#endOf({ ...job, state }, shape, stop.signal);
      throw shape;
    } finally {
      clearInterval(watch);
      try {
        if (final) {
          this.#records.finish(job.id, final, this.#owner);
          report({ type: 'state', state: final });
        }
      } finally {
        stream.end(); // whatever the telling does, nobody waits for this job any more
        this.#running.delete(job.id);
      }
    }
  }

  /** Resolves when it is this job's turn. Raises the signal's reason, and 'interrupted'. */
  async #turn({ id, lane }: JobRecord, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#claimed(id, lane)) return;
      if (this.#records.get(id)?.state.kind !== 'queued')
        throw new StudioError({
          code: 'interrupted',
          message: 'This job lost its place in the queue.',
          hint: 'Resume it.',
        });
      this.recover(); // who is ahead may be gone
      await pause(POLL_MS, signal);
    }
  }

  /** A lock held too long is no reason not to begin: it is looked again. */
  #claimed(id: string, lane: string): boolean {
    try {
      return this.#records.claim(id, capacityOf(lane, this.#options.lanes));
    } catch (error) {
      if (knownError(error)?.code === 'busy') return false;
      throw error;
    }
  }

  #persist(id: string, state: JobState & { kind: 'running' }): void {
    this.#roughly(() => this.#records.setProgress(id, state));
  }

  /** A full disk or a lock held too long must not end the work for what only has to be roughly right. */
  #roughly(write: () => void): void {
    try {
      write();
    } catch {
      // The next progress says more; without its worker, what a crash leaves ends by itself.
    }
  }

  #checkpointOf(job: JobRecord): string | null {
    try {
      return this.#options.checkpointOf(job);
    } catch {
      return null; // the database cannot be asked; the job's end is told all the same
    }
  }

  #cancelRequested(id: string): boolean {
    try {
      return this.#records.cancelRequested(id);
    } catch {
      return false;
    }
  }

  #endOf(job: JobRecord, error: StudioError, signal: AbortSignal): JobState {
    const left = { checkpoint: this.#checkpointOf(job), progress: progressOf(job.state) };
    if (signal.aborted && signal.reason === 'close') return { kind: 'interrupted', ...left };
    switch (error.code) {
      case 'cancelled':
        return { kind: 'cancelled', ...left };
      case 'interrupted':
        return { kind: 'interrupted', ...left };
      default:
        return { kind: 'failed', error: error.toJSON(), progress: left.progress };
    }
  }
}

function stopped(): StudioError {
  return new StudioError({ code: 'cancelled', message: 'The job was stopped.', hint: 'Resume it when you like.' });
}

function ownerAlive(owner: string | null): boolean {
  return owner !== null && isAlive(owner.split('#')[0]!);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
