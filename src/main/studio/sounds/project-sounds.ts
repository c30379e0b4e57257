import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import type { SoundInfo, SoundShape } from '../../../shared/contract/studio.ts';
import type { SaidText, SoundText, SpokenScript } from '../../../shared/domain/script/index.ts';
import { SOURCE_SOUND } from '../../../shared/domain/take.ts';
import type { Library, Project } from '../library/index.ts';
import { filmTrack, type MediaTools } from '../media/index.ts';
import { keepScript, keepText, readScript, readText } from './scripts.ts';
import { soundShape } from './shape.ts';
import { addSound, listSounds, removeSound, sourceSound, wavePath, wordsOf } from './sounds.ts';

/** A sound of a project, and where it lies. */
export interface PlacedSound {
  readonly name: string;
  readonly path: string;
  readonly seconds: number;
}

/** What each project can say: the video's own sound and those that were added. */
export class ProjectSounds {
  readonly #library: Library;
  readonly #tools: () => Promise<MediaTools>;

  constructor(library: Library, tools: () => Promise<MediaTools>) {
    this.#library = library;
    this.#tools = tools;
  }

  /** The video's own first, if it has one; the others in the order they came. */
  list(project: Project): SoundInfo[] {
    const folder = this.#folder(project);
    const [id, name, seconds] = [SOURCE_SOUND, "The video's own sound", project.source.duration];
    const own = hasOwnSound(project) ? [{ id, name, seconds, ...wordsOf(folder, id) }] : [];
    return [...own, ...listSounds(folder)];
  }

  /** Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'disk-full'). */
  async add(project: Project, file: string, name: string): Promise<SoundInfo> {
    return addSound(await this.#tools(), this.#folder(project), resolve(file), name);
  }

  /** Takes in what a voice spoke, with its script and times. Raises StudioError('bad-audio' | 'disk-full'). */
  async addSpoken(project: Project, file: string, name: string, spoken: SpokenScript): Promise<SoundInfo> {
    const folder = this.#folder(project);
    const sound = await addSound(await this.#tools(), folder, file, name);
    await keepScript(folder, sound.id, spoken);
    return { ...sound, spoken: true };
  }

  /** The script of a sound; null of one that no voice spoke. Raises StudioError('not-found'). */
  async script(project: Project, sound: string): Promise<SpokenScript | null> {
    this.#require(project, sound);
    return readScript(this.#folder(project), sound);
  }

  /** What is said in a sound and when; null where that is not known. Raises StudioError('not-found'). */
  async saidIn(project: Project, sound: string): Promise<SaidText | null> {
    const spoken = await this.script(project, sound);
    if (spoken) return { text: spoken.script.text, times: spoken.times };
    return this.text(project, sound);
  }

  /** Keeps what is said in a sound, and when. Raises StudioError('not-found' | 'disk-full'). */
  async keepText(project: Project, sound: string, text: SoundText): Promise<void> {
    this.#require(project, sound);
    await keepText(this.#folder(project), sound, text);
  }

  /** The text that a sound was given; null of one that was given none. Raises StudioError('not-found'). */
  async text(project: Project, sound: string): Promise<SoundText | null> {
    this.#require(project, sound);
    return readText(this.#folder(project), sound);
  }

  /**
   * Takes in the sound of a video, on the clock of its picture, for `make` to use: where that fails it goes
   * again, unless it was there before. Raises as `add` and `make` do.
   */
  async withFilm<T>(
    project: Project,
    { path, streams, name }: { readonly path: string; readonly streams: SourceStreams; readonly name: string },
    make: (sound: SoundInfo) => T,
  ): Promise<T> {
    const [tools, folder] = [await this.#tools(), this.#folder(project)];
    const before = new Set(listSounds(folder).map(({ id }) => id));
    const sound = await addSound(tools, folder, path, name, await filmTrack(tools, path, streams));
    try {
      return make(sound);
    } catch (error) {
      if (!before.has(sound.id)) await removeSound(folder, sound.id);
      throw error;
    }
  }

  /** The WAV file of a sound. Raises StudioError('not-found' | 'no-audio' | 'bad-audio' | 'disk-full'). */
  async file(project: Project, sound: string): Promise<string> {
    const folder = this.#folder(project);
    if (sound === SOURCE_SOUND) {
      requireOwnSound(project);
      return sourceSound(await this.#tools(), folder, this.#library.sourcePath(project), project.source.streams);
    }
    const path = wavePath(folder, sound);
    if (!existsSync(path)) throw gone();
    return path;
  }

  /** Raises as `file` does. */
  async placed(project: Project, sound: string): Promise<PlacedSound> {
    const path = await this.file(project, sound);
    const { name, seconds } = this.#require(project, sound);
    return { name, path, seconds };
  }

  async shape(project: Project, sound: string): Promise<SoundShape> {
    return soundShape(await this.file(project, sound));
  }

  #require(project: Project, sound: string): SoundInfo {
    const found = this.list(project).find(({ id }) => id === sound);
    if (!found) throw gone();
    return found;
  }

  #folder({ id }: Project): string {
    return this.#library.paths.sounds(id);
  }
}

/** Raises StudioError('no-audio'). */
export function requireOwnSound({ source }: Project): void {
  if (!source.hasAudio)
    throw new StudioError({
      code: 'no-audio',
      message: 'The source video has no sound.',
      hint: 'Choose a sound file.',
    });
}

/** An avatar that came without its video has no sound either. */
export function hasOwnSound({ source, sourceFile }: Project): boolean {
  return source.hasAudio && sourceFile !== null;
}

function gone(): StudioError {
  return new StudioError({
    code: 'not-found',
    message: 'A sound of the timeline is no longer there.',
    hint: 'Take its clips off the timeline, or add the sound again.',
  });
}
