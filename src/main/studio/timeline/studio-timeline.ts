import { StudioError } from '../../../shared/contract/index.ts';
import type { SoundInfo, SoundShape } from '../../../shared/contract/studio.ts';
import type { Take } from '../../../shared/domain/take.ts';
import type { Base } from '../ground/base.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import { type Pictures, readPictures } from '../pictures/index.ts';
import type { ProjectSounds } from '../sounds/index.ts';
import { savedTake, saveTake } from '../takes/index.ts';

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

  /** The WAV file of a sound. Raises StudioError('not-found' | 'no-audio' | 'bad-audio' | 'disk-full'). */
  async soundFile(idOrName: string, sound: string): Promise<string> {
    return this.#sounds.file(this.#base.library.projects.find(idOrName), sound);
  }

  async soundShape(idOrName: string, sound: string): Promise<SoundShape> {
    return this.#sounds.shape(this.#base.library.projects.find(idOrName), sound);
  }

  /** What is on a project's timeline; revision 0 is what nobody has edited yet. */
  take(idOrName: string): { take: Take; revision: number } {
    return savedTake(this.#base.library, this.#base.library.projects.find(idOrName));
  }

  /** Raises StudioError('busy') when somebody saved since `revision`. */
  saveTake(idOrName: string, take: Take, revision: number): number {
    const { library, notify } = this.#base;
    const project = library.projects.find(idOrName);
    const saved = saveTake(library, project, take, revision);
    notify({ kind: 'take', projectId: project.id, revision: saved });
    return saved;
  }
}
