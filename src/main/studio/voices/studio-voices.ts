import { extname, resolve } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import type { SoundInfo } from '../../../shared/contract/studio.ts';
import { type AlignResult, SayResult, type VoiceView } from '../../../shared/contract/voices.ts';
import { withoutControls } from '../../../shared/domain/plain-text.ts';
import {
  Language,
  plainScript,
  Script,
  type SoundText,
  type SpokenScript,
} from '../../../shared/domain/script/index.ts';
import type { Base } from '../ground/base.ts';
import { readTextFile } from '../ground/text-file.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { ProjectSounds } from '../sounds/index.ts';
import { voiceModels } from './fetch-voice.ts';
import { requireReadable } from './say.ts';
import { listVoices, requireVoice } from './voices.ts';

export interface SpeakRequest {
  readonly script: Pick<Script, 'text' | 'voice'> & Partial<Script>;
  /** The project that it becomes a sound of, and what that is called. */
  readonly project?: string;
  readonly name?: string;
  /** A .wav file; by default one that lies with the job. */
  readonly outPath?: string;
  /** A file for the times of the words, as JSON. */
  readonly timesPath?: string;
}

/** A text, and where it is said: in a sound of a project, or in any file. */
export type AlignRequest = {
  readonly text: string;
  readonly language: string;
  /** A file that ends with .srt or .vtt for captions, or .json for the times of words. */
  readonly outPath?: string | undefined;
} & ({ readonly project: string; readonly sound: string } | { readonly path: string });

/** Voices, what they are given to say, and what others say. */
export class StudioVoices {
  readonly #base: Base;
  readonly #jobs: StudioJobs;
  readonly #sounds: ProjectSounds;

  constructor(base: Base, jobs: StudioJobs, sounds: ProjectSounds) {
    this.#base = base;
    this.#jobs = jobs;
    this.#sounds = sounds;
  }

  list(): Promise<VoiceView[]> {
    return listVoices(this.#base.installation.resources, this.#base.library.paths);
  }

  /** The first that is here; with none, the first of all. Raises StudioError('not-found'). */
  async usual(): Promise<string> {
    const voices = await this.list();
    const usual = voices.find(({ state }) => state === 'present') ?? voices[0];
    if (usual) return usual.name;
    throw new StudioError({
      code: 'not-found',
      message: 'There is no voice.',
      hint: 'Add one: "likeness models add".',
    });
  }

  /**
   * Downloads a voice, for somebody who agreed to its terms; the job that does, if there is one. Raises
   * StudioError('not-found' | 'bad-request').
   */
  async fetch(voice: string): Promise<JobHandle<{ voice: string }>> {
    const { installation, library } = this.#base;
    await voiceModels(installation, library.paths.root, voice);
    return this.#jobs.add('voice', null, { voice, agreed: true });
  }

  /**
   * Speaks a script, sentence by sentence; those that were spoken before are not spoken again. Raises
   * StudioError('not-found' | 'bad-request').
   */
  async say({ script, project, name, outPath, timesPath }: SpeakRequest): Promise<JobHandle<SayResult>> {
    const { installation, library } = this.#base;
    const found = project === undefined ? null : library.projects.find(project);
    requireReadable(script.text);
    const text = plainScript(script.text);
    if (outPath !== undefined && extname(outPath).toLowerCase() !== '.wav')
      throw new StudioError({
        code: 'bad-request',
        message: 'Speech is written as a WAV file.',
        hint: 'Give a name that ends with .wav.',
      });
    await requireVoice(installation.resources, library.paths, script.voice);
    return this.#jobs.add('say', found, {
      script: Script.parse({ ...script, text }),
      name: name ?? nameOf(text),
      outPath: outPath === undefined ? null : resolve(outPath),
      timesPath: timesPath === undefined ? null : resolve(timesPath),
    });
  }

  /** Looks for the words of a text in a recording of it. Raises StudioError('not-found' | 'bad-request'). */
  async align(request: AlignRequest): Promise<JobHandle<AlignResult>> {
    requireReadable(request.text);
    const [text, language] = [plainScript(request.text), requireLanguage(request.language)];
    const outPath = request.outPath === undefined ? null : requireCaptionsName(resolve(request.outPath));
    if ('path' in request)
      return this.#jobs.add('align', null, { text, language, outPath, sound: { path: resolve(request.path) } });
    const project = this.#base.library.projects.find(request.project);
    await this.#sounds.text(project, request.sound); // raises where there is no such sound
    return this.#jobs.add('align', project, { text, language, outPath, sound: { id: request.sound } });
  }

  /** The text that a sound was given. Raises StudioError('not-found'). */
  text(idOrName: string, sound: string): Promise<SoundText | null> {
    return this.#sounds.text(this.#base.library.projects.find(idOrName), sound);
  }

  /** The sounds of a project, its own first. Raises StudioError('not-found'). */
  sounds(idOrName: string): readonly SoundInfo[] {
    return this.#sounds.list(this.#base.library.projects.find(idOrName));
  }

  /** A text file: a script, or subtitles. Raises StudioError('not-found' | 'bad-request'). */
  readText(file: string): Promise<string> {
    return readTextFile(file);
  }

  /** What a job of `say` made. Raises StudioError('not-found') before it is done. */
  said(job: string): SayResult {
    const found = this.#jobs.list().find(({ id, kind }) => id === job && kind === 'say');
    if (found?.state.kind === 'done') return SayResult.parse(found.state.result);
    throw new StudioError({ code: 'not-found', message: 'This was not spoken.', hint: 'Speak it again.' });
  }

  /** Raises StudioError('not-found'). */
  script(idOrName: string, sound: string): Promise<SpokenScript | null> {
    return this.#sounds.script(this.#base.library.projects.find(idOrName), sound);
  }
}

function requireCaptionsName(path: string): string {
  if (['.srt', '.vtt', '.json'].includes(extname(path).toLowerCase())) return path;
  throw new StudioError({
    code: 'bad-request',
    message: 'Captions are written as SRT or WebVTT, times of words as JSON.',
    hint: 'Give a name that ends with .srt, .vtt or .json.',
  });
}

function requireLanguage(language: string): string {
  if (Language.safeParse(language).success) return language;
  throw new StudioError({
    code: 'bad-request',
    message: `"${withoutControls(language).slice(0, 40)}" is no language.`,
    hint: 'Name one as "en-us", "de" or "fr".',
  });
}

const LONGEST = 40;

/** A sound is called by its first words. */
export function nameOf(text: string): string {
  const words = text.trim().replace(/\s+/g, ' ');
  if (words.length <= LONGEST) return words;
  const cut = words.slice(0, LONGEST);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), LONGEST / 2)).trimEnd()}…`;
}
