import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { type ImportResult, type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import type { ProjectDetail, ProjectSummary, TrashedProject } from '../../../shared/contract/studio.ts';
import { freeName } from '../../../shared/domain/names.ts';
import type { Base } from '../ground/base.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { Consent, Project } from '../library/index.ts';
import {
  chooseStreams,
  type MediaTools,
  type ProbedVideo,
  probeVideo,
  readFrame,
  readJpegs,
  type StreamWish,
} from '../media/index.ts';
import type { ProjectSounds } from '../sounds/index.ts';
import type { StudioTakes } from '../timeline/studio-takes.ts';
import { changeStreams, streamsOf } from './choose-streams.ts';
import { type ProjectFile, projectFile } from './files-to-fetch.ts';
import { projectDetail, projectSummary } from './project-view.ts';
import { SAMPLE_CONSENT, SAMPLE_NAME, sampleFolder, sampleProject } from './sample.ts';

export interface ImportRequest {
  readonly path: string;
  /** The file's name without its ending by default. */
  readonly name?: string;
  readonly consent: { readonly basis: Consent['basis']; readonly note?: string };
  /** Which of the file's pictures and sounds, where it has several; chosen by default. */
  readonly streams?: StreamWish;
}

/** A face can be known in it, and a window gets it with one answer. */
const LOOK_HEIGHT = 240;
/** ffmpeg's quantiser scale: nothing is measured in it. */
const LOOK_QUALITY = 5;

/** The people of a library: their videos come in, have a name, and go. */
export class StudioProjects {
  readonly #base: Base;
  readonly #jobs: StudioJobs;
  readonly #sounds: ProjectSounds;
  readonly #takes: StudioTakes;

  constructor(base: Base, jobs: StudioJobs, sounds: ProjectSounds, takes: StudioTakes) {
    this.#base = base;
    this.#jobs = jobs;
    this.#sounds = sounds;
    this.#takes = takes;
  }

  list(): ProjectSummary[] {
    const { library } = this.#base;
    return library.projects.list().map((project) => projectSummary(library, project));
  }

  /** By id or unique name. Raises StudioError('not-found' | 'ambiguous'). */
  get(idOrName: string): Promise<ProjectDetail> {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    return projectDetail(library, project, {
      sounds: this.#sounds.list(project),
      takes: this.#takes.list(project.id),
      removedTakes: this.#takes.removed(project.id),
      manners: this.#takes.manners(project.id),
    });
  }

  /** A file of a project that a window may have; undefined for anything else. */
  file(id: string, kind: string, name?: string): Promise<ProjectFile | undefined> {
    return projectFile(this.#base.library, this.#sounds, id, kind, name);
  }

  /**
   * Looks at a file that may be imported: its middle picture, where the person is most likely to be seen, as a small
   * JPEG. Raises StudioError('not-found' | 'bad-video') for a file that could not be.
   */
  async checkVideo(path: string): Promise<{ readonly picture: Uint8Array }> {
    const tools = await this.#base.tools();
    const video = await readableVideo(tools, resolve(path));
    const { width, height, frames } = video.source;
    const share = Math.min(1, LOOK_HEIGHT / height);
    const size = { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
    const [picture] = await Array.fromAsync(
      readJpegs(tools, video, { size, quality: LOOK_QUALITY, frame: Math.floor(frames / 2) }),
    );
    return { picture: picture! };
  }

  /** Copies a video in. Raises StudioError('not-found' | 'bad-video' | 'disk-full'), and leaves nothing behind then. */
  async importVideo({ path, name, consent, streams = {} }: ImportRequest): Promise<ImportResult> {
    const { library, tools, notify } = this.#base;
    const media = await tools();
    const file = resolve(path);
    const video = await readableVideo(media, file, streams);
    const source = { ...video.source, streams: await chooseStreams(media, file, video, streams.sound) };
    const project = await library.addVideo(file, name ?? basename(file, extname(file)), source, {
      basis: consent.basis,
      note: consent.note ?? '',
      recordedBy: userInfo().username,
    });
    notify({ kind: 'projects' });
    return { projectId: project.id, name: project.name, source: project.source };
  }

  /** Moves a project to the library's trash folder. Raises StudioError('busy') while a job works on it. */
  async remove(idOrName: string): Promise<void> {
    const { library, notify } = this.#base;
    const project = library.projects.find(idOrName);
    this.#refuseBusy(project);
    await library.trash(project);
    notify({ kind: 'projects' });
  }

  /** Those in the library's trash folder, the last one that was removed first. */
  trashed(): TrashedProject[] {
    return this.#base.library.trashed().map(({ id, name, deletedAt }) => ({ id, name, deletedAt }));
  }

  /**
   * Deletes what lies in the trash, or of it the one project `id`, for good; answers how many projects that were.
   * Raises StudioError('not-found') for one that is not there.
   */
  async emptyTrash(id?: string): Promise<number> {
    const { library, notify } = this.#base;
    const removed = await library.emptyTrash(id);
    notify({ kind: 'projects' });
    return removed;
  }

  /** Raises StudioError('not-found') for one that is not in the trash. */
  async bringBack(id: string): Promise<void> {
    const { library, notify } = this.#base;
    await library.bringBack(id);
    notify({ kind: 'projects' });
  }

  /**
   * The pictures and sounds of a project's video; with a wish, others become the chosen ones, and the video is to be
   * analysed again. Raises StudioError('bad-request') after a training, 'busy' while a job works on it.
   */
  async chooseStreams(idOrName: string, wish: StreamWish): Promise<SourceStreams> {
    const { library, tools, notify } = this.#base;
    const project = library.projects.find(idOrName);
    if (wish.picture === undefined && wish.sound === undefined)
      return project.source.streams ?? (await streamsOf(await tools(), library.sourcePath(project)));
    this.#refuseBusy(project);
    const { streams } = await changeStreams(library, await tools(), project, wish);
    notify({ kind: 'projects' });
    return streams;
  }

  rename(idOrName: string, name: string): void {
    const { library, notify } = this.#base;
    library.projects.rename(library.projects.find(idOrName).id, name);
    notify({ kind: 'projects' });
  }

  /**
   * Another project with all that one has, but for its films: analysis, avatar, takes. Raises StudioError('busy') while
   * a job works on it, and 'disk-full'.
   */
  async duplicate(idOrName: string, name?: string): Promise<{ projectId: string; name: string }> {
    const { library, notify } = this.#base;
    const project = library.projects.find(idOrName);
    this.#refuseBusy(project);
    const taken = library.projects.list().map((one) => one.name);
    const copy = await library.duplicate(project, name ?? freeName(project.name, taken));
    notify({ kind: 'projects' });
    return { projectId: copy.id, name: copy.name };
  }

  #refuseBusy(project: Project): void {
    if (this.#jobs.unfinished({ project }).length > 0)
      throw new StudioError({ code: 'busy', message: 'A job is working on this project.', hint: 'Cancel it first.' });
  }

  /** Draws the synthetic sample person: a video with its truth beside it. */
  drawSample(request: { readonly outDir: string; readonly seconds?: number; readonly seed?: number }): JobHandle {
    return this.#jobs.add('demo-sample', null, { ...request, outDir: resolve(request.outDir) });
  }

  /** The synthetic person as a project: at once when it was drawn before, else as a job's result. */
  async addSample(): Promise<{ projectId: string | null; jobId: string | null }> {
    const { library } = this.#base;
    const there = sampleProject(library);
    if (there) return { projectId: there.id, jobId: null };
    const [drawing] = this.#jobs.unfinished({ kind: 'demo-sample' });
    if (drawing) return { projectId: null, jobId: drawing.id };
    const outDir = sampleFolder(library);
    if (existsSync(join(outDir, 'sample.mp4'))) return { ...(await this.takeSampleIn()), jobId: null };
    return { projectId: null, jobId: this.#jobs.add('demo-sample', null, { outDir, project: true }).id };
  }

  /** The drawn sample becomes a project, and is analysed. */
  async takeSampleIn(): Promise<{ projectId: string }> {
    const { library } = this.#base;
    const { projectId } = await this.importVideo({
      path: join(sampleFolder(library), 'sample.mp4'),
      name: SAMPLE_NAME,
      consent: SAMPLE_CONSENT,
    });
    this.#jobs.add('analyze', library.projects.find(projectId), {});
    return { projectId };
  }
}

async function readableVideo(media: MediaTools, file: string, streams: StreamWish = {}): Promise<ProbedVideo> {
  const video = await probeVideo(media, file, streams.picture);
  await readFrame(media, video, 0, { size: { width: 64, height: 64 } }); // a codec we cannot decode shows itself here
  return video;
}
