import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { basename, extname, resolve } from 'node:path';
import { z } from 'zod';
import { type DriveResult, StudioError } from '../../../shared/contract/index.ts';
import type { SoundInfo, SoundShape } from '../../../shared/contract/studio.ts';
import { hasSound } from '../../../shared/domain/clips.ts';
import { frontalised, type LaneRanges, shortOfFrontal } from '../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../shared/domain/take.ts';
import { readRanges } from '../engine/index.ts';
import type { Base } from '../ground/base.ts';
import { readTextFile } from '../ground/text-file.ts';
import type { Consent } from '../library/index.ts';
import type { JobHandle } from '../jobs/index.ts';
import { requireAvatar } from '../kinds/needs.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import { type Pictures, readPictures } from '../pictures/index.ts';
import type { ProjectSounds } from '../sounds/index.ts';
import { type OpenTake, savedTake, saveTake, writtenTake } from '../takes/index.ts';

/** A take as it is shown. */
const Shown = z.object({ id: z.string().optional(), take: z.unknown(), revision: z.int().min(0) });

/** A video whose person drives an avatar. */
export interface DriveRequest {
  readonly path: string;
  /** The file's name without its ending by default. */
  readonly name?: string;
  readonly consent: Pick<Consent, 'basis' | 'note'>;
}

/** What a project's timeline shows and holds: the source's pictures, sounds, and the take. */
export class StudioTimeline {
  readonly #base: Base;
  readonly #jobs: StudioJobs;
  readonly #sounds: ProjectSounds;

  constructor(base: Base, jobs: StudioJobs, sounds: ProjectSounds) {
    this.#base = base;
    this.#jobs = jobs;
    this.#sounds = sounds;
  }

  /** The source as pictures. Raises StudioError('not-found') before they are made. */
  async pictures(idOrName: string): Promise<Pictures> {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    const pictures = await readPictures(library.paths.pictures(project.id));
    if (pictures) return pictures;
    throw new StudioError({
      code: 'not-found',
      message: `The pictures of "${project.name}" have not been made yet.`,
      hint: 'Open the project again.',
    });
  }

  /** The source as pictures; the job that makes them, if there is one already. */
  makePictures(idOrName: string): Pick<JobHandle, 'id'> {
    const project = this.#base.library.projects.find(idOrName);
    this.#jobs.require('pictures', project);
    return this.#jobs.unfinished({ kind: 'pictures', project })[0] ?? this.#jobs.add('pictures', project, {});
  }

  /** Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'disk-full'). */
  async addSound(idOrName: string, file: string, name: string): Promise<SoundInfo> {
    const sound = await this.#sounds.add(this.#base.library.projects.find(idOrName), file, name);
    this.#base.notify({ kind: 'projects' });
    return sound;
  }

  /**
   * Lets the person in another video drive the avatar: a new take, open then, with that video's sound. Who they are is
   * on record before anything is looked at. Raises StudioError('not-found' | 'missing-tool').
   */
  drive(idOrName: string, { path, name, consent }: DriveRequest): JobHandle<DriveResult> {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    this.#jobs.require('drive', project);
    const file = resolve(path);
    const called = name ?? basename(file, extname(file));
    const { id } = library.consents.record({ ...consent, recordedBy: userInfo().username });
    return this.#jobs.add('drive', project, { path: file, name: called, consent: id });
  }

  /** The WAV file of a sound. Raises StudioError('not-found' | 'no-audio' | 'bad-audio' | 'disk-full'). */
  async soundFile(idOrName: string, sound: string): Promise<string> {
    return this.#sounds.file(this.#base.library.projects.find(idOrName), sound);
  }

  async soundShape(idOrName: string, sound: string): Promise<SoundShape> {
    return this.#sounds.shape(this.#base.library.projects.find(idOrName), sound);
  }

  /** One of a project's takes, the open one by default; revision 0 is what nobody has edited yet. */
  take(idOrName: string, take?: string): OpenTake {
    return savedTake(this.#base.library, this.#base.library.projects.find(idOrName), take);
  }

  /** What a JSON file holds. Raises StudioError('not-found' | 'bad-request'). */
  async readDocument(file: string): Promise<unknown> {
    const text = await readTextFile(file);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new StudioError({
        code: 'bad-request',
        message: `${file} is not JSON.`,
        hint: 'Look at what "take show --json" prints.',
        detail: String(cause),
      });
    }
  }

  /**
   * Puts a take that somebody wrote, or one as it was shown (`{ id, take, revision }`), in the place of the one it was
   * shown of, of the open one, or of the one that is named. Raises StudioError('bad-request') for what is none, or has
   * a sound that the project has not, 'busy' when somebody saved since that revision.
   */
  setTake(idOrName: string, document: unknown, which?: string): { take: Take; revision: number } {
    const project = this.#base.library.projects.find(idOrName);
    const shown = Shown.safeParse(document);
    const take = writtenTake(shown.success ? shown.data.take : document);
    const sounds = this.#sounds.list(project);
    const unknown = take.clips.find((clip) => !hasSound(clip, sounds));
    if (unknown)
      throw new StudioError({
        code: 'bad-request',
        message: `The project has no sound "${unknown.sound}", which clip "${unknown.id}" plays.`,
        hint: 'Add the sound to the project first.',
      });
    const { id, revision } = this.take(project.id, which ?? shown.data?.id);
    const seen = shown.success && (shown.data.id ?? id) === id ? shown.data.revision : revision;
    return { take, revision: this.saveTake(project.id, take, seen, id) };
  }

  /** How far the person of a project's avatar goes in each lane. Raises StudioError('not-found' | 'bad-bundle'). */
  ranges(idOrName: string): Promise<LaneRanges> {
    const { library } = this.#base;
    return readRanges(requireAvatar(library, library.projects.find(idOrName)));
  }

  /**
   * Keys head and gaze to the camera, the expression kept, and answers where the person never held their head as
   * straight as that. Raises what `ranges` and `saveTake` raise.
   */
  async frontalise(
    idOrName: string,
    which?: string,
  ): Promise<{ revision: number; short: ReturnType<typeof shortOfFrontal> }> {
    const ranges = await this.ranges(idOrName);
    const { id, take, revision } = this.take(idOrName, which);
    const frontal = frontalised(take, ranges, randomUUID);
    return { revision: this.saveTake(idOrName, frontal, revision, id), short: shortOfFrontal(ranges) };
  }

  /**
   * Saves one of them, the open one by default; one that was removed meanwhile keeps its last edit. Answers the new
   * revision. Raises StudioError('busy') when somebody saved since `revision`.
   */
  saveTake(idOrName: string, take: Take, revision: number, which?: string): number {
    const { library, notify } = this.#base;
    const project = library.projects.find(idOrName);
    const { id } = which === undefined ? library.takes.find(project.id) : library.takes.evenRemoved(project.id, which);
    const saved = saveTake(library, id, take, revision);
    notify({ kind: 'take', projectId: project.id, takeId: id, revision: saved });
    return saved;
  }
}
