import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type AblateResult,
  type AblationSubject,
  type AnalysisReport,
  type CheckpointResult,
  type Device,
  type EvaluateResult,
  type Preset,
  type RenderResult,
  type SpeechEncoder,
  StudioError,
  type TrainResult,
} from '../../../shared/contract/index.ts';
import type { TrainingTimes } from '../../../shared/contract/system.ts';
import type { Base } from '../ground/base.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { RequestOf } from '../kinds/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { Project } from '../library/index.ts';
import { hasHubert, hubertOf, noHubert } from '../models/index.ts';
import { threadsFor } from '../system/environment.ts';
import { VERSION } from '../ground/product.ts';
import { dropCheckpoint, runToTry } from './checkpoint-avatar.ts';
import { type Metric, trainingMetrics } from './metrics.ts';
import { conditionsNow, timesFor } from './training-times.ts';

export interface TrainRequest {
  /** `standard` by default. */
  readonly preset?: Preset;
  /** Instead of the preset's length; `instant` has none. */
  readonly minutes?: number;
  readonly device?: Device;
  readonly seed?: number;
  /** What hears the person's speech; `embedded` by default. */
  readonly speech?: SpeechEncoder;
  /** Go on with the newest training of this project, with the settings it was started with. */
  readonly resume?: boolean;
}

export interface EvaluateRequest {
  readonly videoPath?: string;
  readonly report?: boolean;
  readonly reportDir?: string;
}

/** From a video to its avatar, and how good that is. What takes long is a job; each raises what its kind needs. */
export class StudioTraining {
  readonly #base: Base;
  readonly #jobs: StudioJobs;

  constructor(base: Base, jobs: StudioJobs) {
    this.#base = base;
    this.#jobs = jobs;
  }

  analyze(idOrName: string, request: RequestOf<'analyze'> = {}): JobHandle<AnalysisReport> {
    return this.#jobs.add('analyze', this.#project(idOrName), request);
  }

  train(
    idOrName: string,
    { preset = 'standard', minutes, device, seed = 0, speech = 'embedded', resume = false }: TrainRequest = {},
  ): JobHandle<TrainResult> {
    const { library, installation } = this.#base;
    const project = this.#project(idOrName);
    this.#jobs.require('train', project);
    if (resume) return this.#jobs.resume(this.#unfinishedTraining(project)) as JobHandle<TrainResult>;
    if (preset === 'instant' && minutes !== undefined)
      throw new StudioError({
        code: 'bad-request',
        message: 'An instant avatar is not trained, so it has no length that could be chosen.',
        hint: 'Leave the minutes out, or choose another preset.',
      });
    if (speech === 'hubert' && !hasHubert(hubertOf(installation.resources, library.paths.root))) throw noHubert();
    const run = library.runs.start(project.id, {
      preset,
      minutes,
      device: device ?? library.settings.get().device,
      seed,
      speech,
    });
    return this.#jobs.add('train', project, {}, run.id);
  }

  /** The newest training, which has ended, goes on for `minutes`. Raises StudioError('not-found'). */
  keep(idOrName: string, minutes: number): JobHandle<TrainResult> {
    const { library } = this.#base;
    const project = this.#project(idOrName);
    this.#jobs.require('train', project);
    const run = library.runs.list(project.id)[0];
    if (!run || run.finishedAt === null || !existsSync(library.paths.checkpoint(project.id, run.number)))
      throw new StudioError({
        code: 'not-found',
        message: `"${project.name}" has no finished training to go on with.`,
        hint: 'Resume the one that stopped, or start a new one; an instant avatar was not trained.',
      });
    library.runs.change(run.id, { ...run.request, further: [...(run.request.further ?? []), minutes] });
    return this.#jobs.add('train', project, {}, run.id);
  }

  /**
   * The newest training's last checkpoint as an avatar to look at; the job that makes one, if there is one already.
   * Raises StudioError('not-found').
   */
  async tryCheckpoint(idOrName: string): Promise<Pick<JobHandle<CheckpointResult>, 'id'>> {
    const project = this.#project(idOrName);
    this.#jobs.require('checkpoint', project);
    const { number } = await runToTry(this.#base.library, project);
    const [making] = this.#jobs.unfinished({ kind: 'checkpoint', project });
    return making ?? this.#jobs.add('checkpoint', project, { run: number });
  }

  /** The live picture goes back to the finished avatar, if there is one. */
  async dropCheckpoint(idOrName: string): Promise<void> {
    await dropCheckpoint(this.#base.library, this.#project(idOrName));
    this.#base.notify({ kind: 'projects' });
  }

  /** The newest training's measurements so far. */
  metrics(idOrName: string): Metric[] {
    return trainingMetrics(this.#base.library, this.#project(idOrName).id);
  }

  /** How long trainings take with the settings as they are now. */
  times(): TrainingTimes {
    const { library } = this.#base;
    const { device, threads } = library.settings.get();
    return timesFor(library.paths.root, conditionsNow(device, threadsFor(threads), VERSION));
  }

  /**
   * Measures that on a project's face. Raises StudioError('busy') while anything else runs or waits, which would be
   * measured with it.
   */
  measureTimes(idOrName: string): JobHandle {
    const project = this.#project(idOrName);
    this.#jobs.require('estimate', project);
    if (this.#jobs.unfinished().length > 0)
      throw new StudioError({
        code: 'busy',
        message: 'Another job is at work, and would make this one look slow.',
        hint: 'Measure when it is done, or stop it.',
      });
    return this.#jobs.add('estimate', project, {});
  }

  /**
   * `videoPath`: an .mp4 that shows the filmed mouth beside the one that the same sound drives; one that is there is
   * replaced once the new one is whole. `report`: a page with pictures and a film in the project's folder; `reportDir`:
   * a copy of them there.
   */
  evaluate(
    idOrName: string,
    { videoPath, reportDir, report = reportDir !== undefined }: EvaluateRequest = {},
  ): JobHandle<EvaluateResult> {
    return this.#jobs.add('evaluate', this.#project(idOrName), {
      report,
      ...(videoPath === undefined ? {} : { videoPath: resolve(videoPath) }),
      ...(reportDir === undefined ? {} : { reportDir: resolve(reportDir) }),
    });
  }

  render(idOrName: string, { outDir, ...request }: RequestOf<'render'>): JobHandle<RenderResult> {
    return this.#jobs.add('render', this.#project(idOrName), { outDir: resolve(outDir), ...request });
  }

  /**
   * Measures what each part of a chain is worth for this person; the report lies in the project's folder. `hears`:
   * another project, for speech.
   */
  ablate(
    idOrName: string,
    subject: AblationSubject,
    { hears }: { readonly hears?: string } = {},
  ): JobHandle<AblateResult> {
    const project = this.#project(idOrName);
    this.#jobs.require('ablate', project);
    const other = hears === undefined ? undefined : this.#project(hears);
    if (other) this.#jobs.require('ablate', other);
    return this.#jobs.add('ablate', project, { subject, ...(other ? { hears: other.id } : {}) });
  }

  #project(idOrName: string): Project {
    return this.#base.library.projects.find(idOrName);
  }

  #unfinishedTraining(project: Project): string {
    const { runs, jobs } = this.#base.library;
    const run = runs.list(project.id)[0];
    const job = run && jobs.ofRun(run.id).at(-1);
    if (job && job.state.kind !== 'done') return job.id;
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" has no training to go on with.`,
      hint: 'Start a new one.',
    });
  }
}
