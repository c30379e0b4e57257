import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { z } from 'zod';
import {
  type ExportResult,
  type FrameResult,
  type ImportResult,
  type MotionResult,
  StudioError,
} from '../../../shared/contract/index.ts';
import type { CaptionsWish } from '../../../shared/contract/voices.ts';
import type { SoundSource } from '../../../shared/contract/studio.ts';
import {
  type Background,
  endingOf,
  type FilmFormat,
  formatOf,
  FORMATS,
  FRAME_ENDING,
  OWN_BACKGROUND,
  type Quality,
  refusedLook,
  type Shape,
} from '../../../shared/domain/film/index.ts';
import { exportName, type NamedFilm, untakenName } from '../../../shared/domain/export-name.ts';
import { saidAs } from '../../../shared/domain/lanes/index.ts';
import { frameCount, PLAIN_SPEECH, SOURCE_SOUND, takeSeconds } from '../../../shared/domain/take.ts';
import type { Speech, Take } from '../../../shared/domain/take.ts';
import { timecode } from '../../../shared/domain/timecode.ts';
import type { Base } from '../ground/base.ts';
import { partialBeside } from '../ground/settle.ts';
import type { JobHandle } from '../jobs/index.ts';
import { KINDS, type RequestOf } from '../kinds/index.ts';
import { requireAvatar, requireConsent } from '../kinds/needs.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { FindHubert, Networks } from '../engine/index.ts';
import type { Project } from '../library/index.ts';
import { hubertGraph } from '../models/index.ts';
import { networksOf } from '../system/environment.ts';
import { writeMotion } from './motion-file.ts';
import { requireOwnSound } from '../sounds/index.ts';
import { savedTake, takeOfSound } from '../takes/index.ts';
import { shownAvatar } from '../training/checkpoint-avatar.ts';
import { captionsWish, timelineAt } from './beside-film.ts';
import { exportBundle, importBundle } from './bundles.ts';

export interface FilmRequest {
  readonly sound: SoundSource;
  /** By default in the project's exports folder, named by the settings' rule. */
  readonly outPath?: string;
  /** Of a timeline, seconds, in the place of its in and out point. */
  readonly part?: NonNullable<Take['range']>;
  readonly mode: 'dub' | 'portrait';
  readonly height: number | 'source';
  /** By default what the name of the file says, else MP4 with H.264. */
  readonly format?: FilmFormat | undefined;
  readonly quality?: Quality | undefined;
  /** Of a portrait; the video's own by default. */
  readonly shape?: Shape | undefined;
  readonly background?: Background | undefined;
  /** What speech does to the face beside what is said; in a timeline's place where it says so too. */
  readonly speech?: Partial<Speech>;
  readonly captions?: CaptionsWish | undefined;
  /** Of a take: an .otio file for editors; `true`: beside the film. */
  readonly timeline?: string | boolean | undefined;
  /** Whether it is signed with Content Credentials; by default as the settings say. */
  readonly credentials?: boolean | undefined;
  /** Of a list's film: SHA-256 over what it is made of, for its record. */
  readonly madeOf?: string;
}

export interface SavedFrameRequest extends Pick<
  FilmRequest,
  'outPath' | 'mode' | 'height' | 'shape' | 'background' | 'credentials'
> {
  /** An id or unique name; the open one by default. */
  readonly take?: string | undefined;
  /** The moment of its timeline, seconds. */
  readonly at: number;
}

export interface MotionRequest {
  readonly audioPath: string;
  readonly outPath: string;
  readonly speech?: Partial<Speech>;
}

/** What can be done with an avatar: look at it, let it speak, take it elsewhere. */
export class StudioAvatars {
  readonly #base: Base;
  readonly #jobs: StudioJobs;

  constructor(base: Base, jobs: StudioJobs) {
    this.#base = base;
    this.#jobs = jobs;
  }

  /**
   * The project's finished avatar. Raises StudioError('not-found') before its first training, and 'consent-withdrawn'.
   */
  path(idOrName: string): string {
    return requireAvatar(this.#base.library, this.#consented(idOrName));
  }

  /**
   * The avatar that the live picture shows: of the newest training's checkpoint while there is one. Raises
   * StudioError('not-found') before there is any, and 'consent-withdrawn'.
   */
  async shownPath(idOrName: string): Promise<string> {
    const project = this.#consented(idOrName);
    const shown = await shownAvatar(this.#base.library, project);
    return existsSync(shown) ? shown : requireAvatar(this.#base.library, project);
  }

  /** Raises StudioError('bad-request') for a film that there is none of (`refusedLook`), and as its job does. */
  exportVideo(idOrName: string, request: FilmRequest): JobHandle<ExportResult> {
    const { library } = this.#base;
    const { sound, part, outPath, mode, height, speech, captions, timeline = false, credentials, madeOf } = request;
    const { quality = 'good', shape = 'own', background = OWN_BACKGROUND } = request;
    const format = formatAt(outPath, request.format);
    const look = { mode, height, format, quality, shape, background };
    refuse(refusedLook(look));
    const project = this.#project(idOrName);
    this.#jobs.require('export', project);
    if ((mode === 'dub' && FORMATS[format].picture) || sound.kind === 'source') library.sourcePath(project);
    const said = this.#said(project, sound, speech, part);
    const take = said.sound.kind === 'take' ? (said.sound.name ?? null) : null;
    const named = { project, take, ...look, at: new Date() };
    const path = outPath === undefined ? this.#newExport(FORMATS[format].ending, named) : resolve(outPath);
    return this.#jobs.add('export', project, {
      ...said,
      outPath: path,
      ...look,
      background: absolute(background),
      ...(captions ? { captions: captionsWish(captions, format) } : {}),
      ...(timeline === false ? {} : { timeline: timelineAt(timeline, path, format, said.sound.kind) }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(madeOf === undefined ? {} : { madeOf }),
    });
  }

  /**
   * The frame of a take that is shown at a moment, as an export would draw it; by default among the exports. Raises
   * StudioError('bad-request') for a moment outside the take, and for a file that is to be no PNG.
   */
  saveFrame(
    idOrName: string,
    {
      take: which,
      at,
      outPath,
      mode,
      height,
      shape = 'own',
      background = OWN_BACKGROUND,
      credentials,
    }: SavedFrameRequest,
  ): { readonly job: JobHandle<FrameResult>; readonly outPath: string } {
    const { library } = this.#base;
    const look = { mode, height, shape, background };
    refuse(refusedLook({ ...look, format: 'png', quality: 'good' }));
    const project = this.#project(idOrName);
    this.#jobs.require('frame', project);
    if (mode === 'dub') library.sourcePath(project);
    const { take, name } = savedTake(library, project, which);
    const moment = momentOf(take, name, at, project);
    if (outPath !== undefined && extname(outPath).toLowerCase() !== FRAME_ENDING)
      throw new StudioError({
        code: 'bad-request',
        message: 'A frame is saved as a PNG file.',
        hint: `Give a name that ends with ${FRAME_ENDING}.`,
      });
    const film = { project, take: name, ...look, at: new Date() };
    const path = outPath === undefined ? this.#newExport(FRAME_ENDING, film) : resolve(outPath);
    const request = { name, take, at: moment, outPath: path, ...look, background: absolute(background), credentials };
    return { job: this.#jobs.add('frame', project, request), outPath: path };
  }

  /** A job says what was on the timeline when it was asked for. Raises StudioError('no-audio' | 'not-found'). */
  #said(
    project: Project,
    sound: SoundSource,
    speech: Partial<Speech> | undefined,
    part: FilmRequest['part'],
  ): Pick<RequestOf<'export'>, 'sound' | 'speech'> {
    switch (sound.kind) {
      case 'take': {
        const { take, name } = savedTake(this.#base.library, project, sound.take);
        if (takeSeconds(take) === 0)
          throw new StudioError({
            code: 'no-audio',
            message: `There is no sound on the timeline of "${name}".`,
            hint: 'Drop a sound on it first.',
          });
        const said = saidAs(take, speech ?? {});
        return { sound: { kind: 'take', name, take: part ? { ...said, range: part } : said } };
      }
      case 'sound': {
        if (sound.sound === SOURCE_SOUND) return this.#said(project, { kind: 'source' }, speech, part);
        const take = takeOfSound(this.#base.library, project, sound.sound);
        return { sound: { kind: 'take', take: saidAs(take, speech ?? {}) } };
      }
      case 'source':
        requireOwnSound(project);
        return { sound, speech: { ...PLAIN_SPEECH, ...speech } };
      case 'path':
        return {
          sound: { ...sound, path: resolve(sound.path) },
          speech: { ...PLAIN_SPEECH, ...speech },
        };
    }
  }

  /** Where a project's exports lie. Raises StudioError('not-found') before the first. */
  exportsFolder(idOrName: string): string {
    const folder = this.#base.library.paths.exports(this.#project(idOrName).id);
    if (existsSync(folder)) return folder;
    throw new StudioError({
      code: 'not-found',
      message: 'Nothing has been exported yet.',
      hint: 'Export a video first.',
    });
  }

  /** Raises StudioError('not-found' | 'ambiguous' | 'consent-withdrawn'). */
  requireConsent(idOrName: string): void {
    this.#consented(idOrName);
  }

  /** What avatars' networks run on here. */
  networks(): Networks {
    return networksOf(this.#base.library);
  }

  /** The motion that a recording drives, as a file. Raises as `writeMotion` does. */
  async writeMotion(
    idOrName: string,
    { audioPath, outPath, speech }: MotionRequest,
    signal?: AbortSignal,
  ): Promise<z.infer<typeof MotionResult>> {
    const request = {
      tools: await this.#base.tools(),
      avatarPath: this.path(idOrName),
      networks: this.networks(),
      hubert: this.findHubert,
      audioPath: resolve(audioPath),
      outPath: resolve(outPath),
      speech: { ...PLAIN_SPEECH, ...speech },
    };
    return this.#base.library.unfinished.during([partialBeside(request.outPath)], () => writeMotion(request, signal));
  }

  /** The finished avatar, checked whole, as a file to take elsewhere. Raises StudioError('consent-withdrawn'). */
  async exportBundle(idOrName: string, file: string): Promise<{ path: string; bytes: number }> {
    const project = this.#consented(idOrName);
    requireAvatar(this.#base.library, project);
    return exportBundle(this.#base.library, project, file);
  }

  /** An avatar from elsewhere becomes a project. */
  async importBundle(file: string, name?: string): Promise<ImportResult> {
    const result = await importBundle(this.#base.library, file, name);
    this.#base.notify({ kind: 'projects' });
    return result;
  }

  /** Finds the HuBERT that an avatar was trained with among the library's models. */
  readonly findHubert: FindHubert = (wanted) => {
    const { installation, library } = this.#base;
    return hubertGraph(installation.resources, library.paths.root, wanted);
  };

  /** Raises StudioError('not-found' | 'ambiguous' | 'consent-withdrawn'). */
  #consented(idOrName: string): Project {
    const project = this.#project(idOrName);
    requireConsent(this.#base.library, project);
    return project;
  }

  #project(idOrName: string): Project {
    return this.#base.library.projects.find(idOrName);
  }

  /** In the exports folder, by the settings' rule: a file that is not there, nor under way to be. */
  #newExport(ending: string, film: NamedFilm & { readonly project: Project }): string {
    const { library } = this.#base;
    const folder = library.paths.exports(film.project.id);
    const there = existsSync(folder) ? readdirSync(folder) : [];
    const taken = [...there, ...this.#underWay(film.project)]
      .filter((path) => extname(path) === ending)
      .map((path) => basename(path, ending));
    return join(folder, `${untakenName(exportName(library.settings.get().exportName, film), taken)}${ending}`);
  }

  /** Where the exports that run or wait will lie. */
  #underWay(project: Project): string[] {
    return (['export', 'frame'] as const).flatMap((kind) =>
      this.#jobs.unfinished({ kind, project }).flatMap(({ request }) => {
        const asked = KINDS[kind].request.safeParse(request);
        return asked.success ? [asked.data.outPath] : [];
      }),
    );
  }
}

/** The format of a film at a path. Raises StudioError('bad-request') where its name says another than is asked for. */
function formatAt(path: string | undefined, asked: FilmFormat | undefined): FilmFormat {
  const named = path === undefined ? undefined : formatOf(path);
  const format = asked ?? named ?? 'mp4';
  const { ending, title } = FORMATS[format];
  if (path === undefined || asked === undefined || endingOf(path) === ending) return format;
  throw new StudioError({
    code: 'bad-request',
    message: `${title} is written to a file that ends with ${ending}.`,
    hint: `Give --out a name that does, or leave --format out.`,
  });
}

function absolute(background: Background): Background {
  return background.kind === 'file' ? { ...background, path: resolve(background.path) } : background;
}

/** Raises StudioError('bad-request'). */
function refuse(refused: ReturnType<typeof refusedLook>): void {
  if (refused) throw new StudioError({ code: 'bad-request', ...refused });
}

/** A moment of a timeline: at its very end the last frame is shown. Raises StudioError('bad-request') outside of it. */
function momentOf(take: Take, name: string, at: number, { source }: Project): number {
  const { duration, fps } = source;
  const end = Math.max(duration, takeSeconds(take), take.range?.to ?? 0);
  if (at >= 0 && at <= end) return Math.min(at, (frameCount(end, fps) - 1) / fps);
  throw new StudioError({
    code: 'bad-request',
    message: `The take "${name}" has no moment at ${timecode(at, fps)}.`,
    hint: `It ends at ${timecode(end, fps)}.`,
  });
}
