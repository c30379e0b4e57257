/** The studio core's door: everything a host (command line, window, web) may ask for. Knows nothing of Electron. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import {
  type AblateResult,
  type AnalysisReport,
  type Device,
  type DoctorResult,
  type EvaluateResult,
  type ExportResult,
  type ImportResult,
  type Preset,
  type CheckpointResult,
  type RenderResult,
  StudioError,
  type TrainResult,
} from '../../shared/contract/index.ts';
import type { About, TrainerState, TrainingTimes } from '../../shared/contract/system.ts';
import type { ProjectDetail, ProjectSummary, SoundInfo, SoundShape } from '../../shared/contract/studio.ts';
import type { Job, JobEvent, JobKind } from '../../shared/domain/job.ts';
import { PLAIN_SPEECH, type Speech, type Take, takeSeconds } from '../../shared/domain/take.ts';
import { about } from './about.ts';
import { Broadcast } from './broadcast.ts';
import { exportBundle, importBundle } from './bundles.ts';
import { dropCheckpoint, runToTry, shownAvatar } from './checkpoint-avatar.ts';
import { debugReport } from './debug-report.ts';
import { examine } from './doctor.ts';
import { findInstallation, type Installation, mediaTools, threadsFor, versionOf } from './environment.ts';
import { conditionsNow, timesFor } from './estimate/index.ts';
import { type JobHandle, JobQueue, readJobLog } from './jobs/index.ts';
import {
  type Consent,
  defaultLibraryDir,
  type JobRecord,
  Library,
  type Project,
  type Settings,
} from './library/index.ts';
import { type MediaTools, probeVideo, readFrame } from './media/index.ts';
import { addModel, listModels, type ModelStatus } from './models/index.ts';
import { type Pictures, readPictures } from './pictures/index.ts';
import { type Metric, projectDetail, projectSummary, trainingMetrics } from './project-view.ts';
import { SAMPLE_CONSENT, SAMPLE_NAME, sampleFolder, sampleProject } from './sample.ts';
import { requireTrainer, trainerState } from './set-up/index.ts';
import { ProjectSounds, requireOwnSound } from './sounds/index.ts';
import { savedTake, saveTake } from './takes/index.ts';
import { type JobRequest, workIn } from './work.ts';

export type { JobHandle } from './jobs/index.ts';

export interface StudioOptions {
  /** `LIKENESS_LIBRARY`, else ~/Likeness. */
  readonly libraryDir?: string;
  /** The folder that holds `trainer/` and `resources/`; found by itself. */
  readonly root?: string;
  /** Where the trainer's Python environment is, or is to be; `LIKENESS_ENVIRONMENT`, else in the trainer's folder. */
  readonly environmentDir?: string;
}

export interface ImportRequest {
  readonly path: string;
  /** The file's name without its ending by default. */
  readonly name?: string;
  readonly consent: { readonly basis: Consent['basis']; readonly note?: string };
}

export interface TrainRequest {
  /** `standard` by default. */
  readonly preset?: Preset;
  /** Instead of the preset's length. */
  readonly minutes?: number;
  readonly device?: Device;
  readonly seed?: number;
  /** Go on with the newest training of this project, with the settings it was started with. */
  readonly resume?: boolean;
}

export interface ExportJobRequest {
  /** A file with sound, the source video's own sound, or what is on the project's timeline. */
  readonly audioPath: string | 'source' | 'take';
  /** In the project's exports folder by default. */
  readonly outPath?: string;
  readonly mode: 'dub' | 'portrait';
  readonly height: number | 'source';
  /** What speech does to the face beside what is said; in a timeline's place where it says so too. */
  readonly speech?: Partial<Speech>;
}

export type RenderRequest = Omit<Extract<JobRequest, { kind: 'render' }>, 'kind'>;

/** Something changed; for windows that show it. */
export type StudioNotice =
  | { readonly kind: 'projects' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'take'; readonly projectId: string; readonly revision: number }
  | { readonly kind: 'job'; readonly job: Job; readonly event: JobEvent };

export function openStudio(options: StudioOptions = {}): Studio {
  return new Studio(options);
}

export class Studio {
  readonly library: Library;
  readonly installation: Installation;
  readonly #tools: () => Promise<MediaTools>;
  readonly #queue: JobQueue;
  readonly #sounds: ProjectSounds;
  readonly #notices = new Broadcast<StudioNotice>();

  constructor({ libraryDir, root, environmentDir }: StudioOptions) {
    this.installation = findInstallation(root, environmentDir);
    this.library = new Library(libraryDir ?? defaultLibraryDir());
    this.#tools = mediaTools(this.installation);
    this.#sounds = new ProjectSounds(this.library, this.#tools);
    this.#queue = new JobQueue(this.library.jobs, {
      work: workIn(
        this.library,
        this.installation,
        this.#tools,
        (project) => (sound) => this.#sounds.file(project, sound),
        () => this.#takeSampleIn(),
      ),
      checkpointOf: (job) => this.#checkpointOf(job),
      onChange: (job, event) => this.#changed(job, event),
    });
  }

  /** ffmpeg and ffprobe. Raises StudioError('missing-tool'). */
  tools(): Promise<MediaTools> {
    return this.#tools();
  }

  /** What changes from now on, until the signal or the reader ends it. */
  notices(signal?: AbortSignal): AsyncGenerator<StudioNotice, void, undefined> {
    return this.#notices.listen(signal);
  }

  // Projects

  projects(): ProjectSummary[] {
    return this.library.projects.list().map((project) => projectSummary(this.library, project));
  }

  /** By id or unique name. Raises StudioError('not-found' | 'ambiguous'). */
  project(idOrName: string): Promise<ProjectDetail> {
    const project = this.library.projects.find(idOrName);
    return projectDetail(this.library, project, this.#sounds.list(project));
  }

  /** Copies a video in. Raises StudioError('not-found' | 'bad-video' | 'disk-full'), and leaves nothing behind then. */
  async importVideo({ path, name, consent }: ImportRequest): Promise<ImportResult> {
    const tools = await this.#tools();
    const file = resolve(path);
    const video = await probeVideo(tools, file);
    await readFrame(tools, video, 0, { size: { width: 64, height: 64 } }); // a codec we cannot decode shows itself here
    const note = consent.note ?? '';
    const project = await this.library.addVideo(file, name ?? basename(file, extname(file)), video.source, {
      basis: consent.basis,
      note,
      recordedBy: userInfo().username,
    });
    this.#notices.publish({ kind: 'projects' });
    return { projectId: project.id, name: project.name, source: project.source };
  }

  /** Moves a project to the library's trash folder. Raises StudioError('busy') while a job works on it. */
  async removeProject(idOrName: string): Promise<void> {
    const project = this.library.projects.find(idOrName);
    if (this.library.jobs.unfinished().some((job) => job.projectId === project.id)) {
      throw new StudioError({ code: 'busy', message: 'A job is working on this project.', hint: 'Cancel it first.' });
    }
    await this.library.trash(project);
    this.#notices.publish({ kind: 'projects' });
  }

  renameProject(idOrName: string, name: string): void {
    this.library.projects.rename(this.library.projects.find(idOrName).id, name);
    this.#notices.publish({ kind: 'projects' });
  }

  /** The project's finished avatar. Raises StudioError('not-found') before its first training. */
  avatarPath(idOrName: string): string {
    return this.#trained(this.library.projects.find(idOrName));
  }

  /**
   * The avatar that the live picture shows: of the newest training's checkpoint while there is one. Raises
   * StudioError('not-found') before there is any.
   */
  async shownAvatarPath(idOrName: string): Promise<string> {
    const project = this.library.projects.find(idOrName);
    const shown = await shownAvatar(this.library, project);
    return existsSync(shown) ? shown : this.#trained(project);
  }

  /** The newest training's measurements so far. */
  metrics(idOrName: string): Metric[] {
    return trainingMetrics(this.library, this.library.projects.find(idOrName).id);
  }

  // Pictures, sounds, takes

  /** The source as pictures. Raises StudioError('not-found') before they are made. */
  async pictures(idOrName: string): Promise<Pictures> {
    const project = this.library.projects.find(idOrName);
    const pictures = await readPictures(this.library.paths.pictures(project.id));
    if (pictures) return pictures;
    throw new StudioError({
      code: 'not-found',
      message: `The pictures of "${project.name}" have not been made yet.`,
      hint: 'Open the project again.',
    });
  }

  /** Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'disk-full'). */
  async addSound(idOrName: string, file: string, name: string): Promise<SoundInfo> {
    const sound = await this.#sounds.add(this.library.projects.find(idOrName), file, name);
    this.#notices.publish({ kind: 'projects' });
    return sound;
  }

  /** Raises StudioError('busy' | 'not-found' | 'bad-request'). */
  async removeSound(idOrName: string, sound: string): Promise<void> {
    const project = this.library.projects.find(idOrName);
    await this.#sounds.remove(project, sound, [this.take(project.id).take, ...this.#takesBeingExported(project.id)]);
    this.#notices.publish({ kind: 'projects' });
  }

  /** The WAV file of a sound. Raises StudioError('not-found' | 'no-audio' | 'bad-audio' | 'disk-full'). */
  async soundFile(idOrName: string, sound: string): Promise<string> {
    return this.#sounds.file(this.library.projects.find(idOrName), sound);
  }

  async soundShape(idOrName: string, sound: string): Promise<SoundShape> {
    return this.#sounds.shape(this.library.projects.find(idOrName), sound);
  }

  /** What is on a project's timeline; revision 0 is what nobody has edited yet. */
  take(idOrName: string): { take: Take; revision: number } {
    return savedTake(this.library, this.library.projects.find(idOrName));
  }

  /** Raises StudioError('busy') when somebody saved since `revision`. */
  saveTake(idOrName: string, take: Take, revision: number): number {
    const project = this.library.projects.find(idOrName);
    const saved = saveTake(this.library, project, take, revision);
    this.#notices.publish({ kind: 'take', projectId: project.id, revision: saved });
    return saved;
  }

  // Work: each is a job in the queue

  analyze(idOrName: string, { person }: { readonly person?: number } = {}): JobHandle<AnalysisReport> {
    const project = this.library.projects.find(idOrName);
    this.library.sourcePath(project);
    return this.#add(project, { kind: 'analyze', person });
  }

  train(
    idOrName: string,
    { preset = 'standard', minutes, device, seed = 0, resume = false }: TrainRequest = {},
  ): JobHandle<TrainResult> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    if (resume) return this.#queue.resume(this.#unfinishedTraining(project)) as JobHandle<TrainResult>;
    const run = this.library.runs.start(project.id, {
      preset,
      minutes,
      device: device ?? this.library.settings.get().device,
      seed,
    });
    return this.#add(project, { kind: 'train' }, run.id);
  }

  /** The newest training, which has ended, goes on for `minutes`. Raises StudioError('not-found'). */
  keepTraining(idOrName: string, minutes: number): JobHandle<TrainResult> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    const run = this.library.runs.list(project.id)[0];
    if (
      !run ||
      run.finishedAt === null ||
      !existsSync(join(this.library.paths.run(project.id, run.number), 'checkpoint.pt'))
    ) {
      throw new StudioError({
        code: 'not-found',
        message: `"${project.name}" has no finished training to go on with.`,
        hint: 'Resume the one that stopped, or start a new one.',
      });
    }
    this.library.runs.change(run.id, { ...run.request, further: [...(run.request.further ?? []), minutes] });
    return this.#add(project, { kind: 'train' }, run.id);
  }

  /**
   * The newest training's last checkpoint as an avatar to look at; the job that makes one, if there is one already.
   * Raises StudioError('not-found').
   */
  async tryCheckpoint(idOrName: string): Promise<Pick<JobHandle<CheckpointResult>, 'id'>> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    const { number } = await runToTry(this.library, project);
    return (
      this.library.jobs.unfinished().find(({ kind, projectId }) => kind === 'checkpoint' && projectId === project.id) ??
      this.#add(project, { kind: 'checkpoint', run: number })
    );
  }

  /** The live picture goes back to the finished avatar, if there is one. */
  async dropCheckpoint(idOrName: string): Promise<void> {
    await dropCheckpoint(this.library, this.library.projects.find(idOrName));
    this.#notices.publish({ kind: 'projects' });
  }

  /** How long trainings take with the settings as they are now. */
  trainingTimes(): TrainingTimes {
    const { device, threads } = this.settings();
    return timesFor(
      this.library.paths.root,
      conditionsNow(device, threadsFor(threads), versionOf(this.installation.root)),
    );
  }

  /**
   * Measures that on a project's face. Raises StudioError('busy') while anything else runs or waits, which would be
   * measured with it.
   */
  measureTraining(idOrName: string): JobHandle {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    if (this.library.jobs.unfinished().length > 0)
      throw new StudioError({
        code: 'busy',
        message: 'Another job is at work, and would make this one look slow.',
        hint: 'Measure when it is done, or stop it.',
      });
    return this.#add(project, { kind: 'estimate' });
  }

  /**
   * `videoPath`: an .mp4 that shows the filmed mouth beside the one that the same sound drives; one that is there is
   * replaced once the new one is whole.
   */
  evaluate(idOrName: string, { videoPath }: { readonly videoPath?: string } = {}): JobHandle<EvaluateResult> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    this.#trained(project);
    return this.#add(project, {
      kind: 'evaluate',
      ...(videoPath === undefined ? {} : { videoPath: resolve(videoPath) }),
    });
  }

  render(idOrName: string, { outDir, ...request }: RenderRequest): JobHandle<RenderResult> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    this.#trained(project);
    return this.#add(project, { kind: 'render', outDir: resolve(outDir), ...request });
  }

  /**
   * Measures what each part of a chain is worth for this person; the report lies in the project's folder. `hears`:
   * another project.
   */
  ablate(idOrName: string, subject: 'speech', { hears }: { readonly hears?: string } = {}): JobHandle<AblateResult> {
    const project = this.library.projects.find(idOrName);
    this.#analysed(project);
    const other = hears === undefined ? undefined : this.library.projects.find(hears);
    if (other) this.#analysed(other);
    return this.#add(project, { kind: 'ablate', subject, ...(other ? { hears: other.id } : {}) });
  }

  exportVideo(
    idOrName: string,
    { audioPath, outPath, mode, height, speech }: ExportJobRequest,
  ): JobHandle<ExportResult> {
    const project = this.library.projects.find(idOrName);
    this.#trained(project);
    const source = mode === 'dub' || audioPath === 'source' ? this.library.sourcePath(project) : undefined;
    const how = { kind: 'export', outPath: resolve(outPath ?? this.#newExport(project, mode)), mode, height } as const;
    if (audioPath === 'take') {
      const { take } = this.take(project.id);
      if (takeSeconds(take) === 0)
        throw new StudioError({
          code: 'no-audio',
          message: 'There is no sound on the timeline.',
          hint: 'Drop a sound on it first.',
        });
      return this.#add(project, { ...how, take: { ...take, speech: { ...take.speech, ...speech } } });
    }
    if (audioPath === 'source') requireOwnSound(project);
    return this.#add(project, {
      ...how,
      audioPath: audioPath === 'source' ? source! : resolve(audioPath),
      speech: { ...PLAIN_SPEECH, ...speech },
    });
  }

  /** Where a project's exports lie. Raises StudioError('not-found') before the first. */
  exportsFolder(idOrName: string): string {
    const folder = this.library.paths.exports(this.library.projects.find(idOrName).id);
    if (existsSync(folder)) return folder;
    throw new StudioError({
      code: 'not-found',
      message: 'Nothing has been exported yet.',
      hint: 'Export a video first.',
    });
  }

  /** The source as pictures; the job that makes them, if there is one already. */
  makePictures(idOrName: string): Pick<JobHandle, 'id'> {
    const project = this.library.projects.find(idOrName);
    this.library.sourcePath(project);
    return (
      this.library.jobs.unfinished().find(({ kind, projectId }) => kind === 'pictures' && projectId === project.id) ??
      this.#add(project, { kind: 'pictures' })
    );
  }

  /** Draws the synthetic sample person: a video with its truth beside it. */
  makeSample(request: { readonly outDir: string; readonly seconds?: number; readonly seed?: number }): JobHandle {
    return this.#add(null, { kind: 'demo-sample', ...request, outDir: resolve(request.outDir) });
  }

  /** The synthetic person as a project: at once when it was drawn before, else as a job's result. */
  async addSample(): Promise<{ projectId: string | null; jobId: string | null }> {
    const there = sampleProject(this.library);
    if (there) return { projectId: there.id, jobId: null };
    const drawing = this.library.jobs.unfinished().find(({ kind }) => kind === 'demo-sample');
    if (drawing) return { projectId: null, jobId: drawing.id };
    const outDir = sampleFolder(this.library);
    if (existsSync(join(outDir, 'sample.mp4'))) return { ...(await this.#takeSampleIn()), jobId: null };
    return { projectId: null, jobId: this.#add(null, { kind: 'demo-sample', outDir, project: true }).id };
  }

  trainer(): TrainerState {
    return trainerState(this.installation);
  }

  /**
   * Makes the trainer's environment; the job that does, if there is one already. What is asked of the trainer meanwhile
   * waits for it.
   */
  setUpTrainer(): Pick<JobHandle, 'id'> {
    return this.#unfinishedSetUp() ?? this.#add(null, { kind: 'set-up' });
  }

  listJobs(): Job[] {
    return this.library.jobs.list();
  }

  cancelJob(id: string): void {
    this.#queue.cancel(id);
  }

  /** A waiting job begins earlier (-1) or later (1). Raises StudioError('not-found' | 'bad-request'). */
  moveJob(id: string, by: -1 | 1): void {
    this.#queue.move(id, by);
    this.#notices.publish({ kind: 'jobs' });
  }

  /** The end of what a job wrote. Raises StudioError('not-found'). */
  jobLog(id: string): Promise<{ events: string; output: string }> {
    return readJobLog(this.library.paths.job(this.#queue.find(id).id));
  }

  resumeJob(id: string): JobHandle {
    return this.#queue.resume(id);
  }

  // Avatars, models, settings, health

  exportBundle(idOrName: string, file: string): Promise<{ path: string; bytes: number }> {
    const project = this.library.projects.find(idOrName);
    this.#trained(project);
    return exportBundle(this.library, project, file);
  }

  async importBundle(file: string, name?: string): Promise<ImportResult> {
    const result = await importBundle(this.library, file, name);
    this.#notices.publish({ kind: 'projects' });
    return result;
  }

  models(): Promise<ModelStatus[]> {
    return listModels(this.installation.resources, this.library.paths.root);
  }

  addModel(file: string): Promise<ModelStatus> {
    return addModel(resolve(file), this.installation.resources, this.library.paths.root);
  }

  settings(): Settings {
    return this.library.settings.get();
  }

  changeSettings(change: Partial<Settings>): Settings {
    const settings = this.library.settings.set(change);
    this.#notices.publish({ kind: 'settings' });
    return settings;
  }

  about(): Omit<About, 'canShowFolders'> {
    return about(this.installation, this.library.paths.root);
  }

  doctor(): Promise<DoctorResult> {
    return examine(this.installation, this.library.paths.root, this.#tools);
  }

  /** For somebody who is to find a fault: no footage, no sound, no names. */
  async debugReport(): Promise<string> {
    return debugReport(this.library, this.installation, await this.doctor());
  }

  /** How many jobs this process has running or waiting: those that end with it. */
  jobsAtWork(): number {
    return this.#queue.size;
  }

  /** Stops this process's jobs (they can be resumed) and closes the library. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.library.close();
  }

  #add<Result extends Record<string, unknown>>(
    project: Project | null,
    request: JobRequest,
    runId: string | null = null,
  ): JobHandle<Result> {
    const kind: JobKind = request.kind;
    const lane = kind === 'checkpoint' ? 'checkpoint' : kind === 'export' || kind === 'pictures' ? 'engine' : 'trainer';
    if (lane !== 'engine' && kind !== 'set-up') this.#trainerThere();
    return this.#queue.add<Result>({ kind, lane, projectId: project?.id ?? null, runId, request });
  }

  /** It is, or will be when what is asked for now begins. */
  #trainerThere(): void {
    if (!this.#unfinishedSetUp()) requireTrainer(this.installation);
  }

  #unfinishedSetUp(): JobRecord | undefined {
    return this.library.jobs.unfinished().find(({ kind }) => kind === 'set-up');
  }

  /** Takes the drawn sample in, and has it checked. */
  async #takeSampleIn(): Promise<{ projectId: string }> {
    const { projectId } = await this.importVideo({
      path: join(sampleFolder(this.library), 'sample.mp4'),
      name: SAMPLE_NAME,
      consent: SAMPLE_CONSENT,
    });
    this.analyze(projectId);
    return { projectId };
  }

  #changed(job: Job, event: JobEvent): void {
    this.#notices.publish({ kind: 'job', job, event });
    if (event.type === 'state' && event.state.kind === 'done') this.#notices.publish({ kind: 'projects' });
  }

  /** Of exports that wait or run: each has the take as it was when it was asked for. */
  #takesBeingExported(projectId: string): Take[] {
    return this.library.jobs
      .unfinished()
      .flatMap((job) =>
        job.projectId === projectId && job.kind === 'export' ? ((job.request as { take?: Take }).take ?? []) : [],
      );
  }

  #checkpointOf({ projectId, runId }: JobRecord): string | null {
    const run = runId && this.library.runs.get(runId);
    const path = run && projectId && join(this.library.paths.run(projectId, run.number), 'checkpoint.pt');
    return path && existsSync(path) ? path : null;
  }

  /** What every work of the trainer on an analysed video needs. */
  #analysed(project: Project): void {
    this.library.sourcePath(project);
    this.#trainerThere();
    if (existsSync(join(this.library.paths.analysis(project.id), 'track.safetensors'))) return;
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" has not been analysed yet.`,
      hint: 'Analyse it first.',
    });
  }

  #trained(project: Project): string {
    const path = this.library.paths.avatar(project.id);
    if (existsSync(path)) return path;
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" has no avatar yet.`,
      hint: 'Train it first.',
    });
  }

  #unfinishedTraining(project: Project): string {
    const run = this.library.runs.list(project.id)[0];
    const job = run && this.library.jobs.ofRun(run.id).at(-1);
    if (job && job.state.kind !== 'done') return job.id;
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" has no training to go on with.`,
      hint: 'Start a new one.',
    });
  }

  #newExport(project: Project, mode: string): string {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    return join(this.library.paths.exports(project.id), `${mode} ${stamp}.mp4`);
  }
}
