import { z } from 'zod';
import { type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import type { Lane, WorkContext } from '../jobs/index.ts';
import type { SoundInfo } from '../../../shared/contract/studio.ts';
import type { SaidText, SoundText, SpokenScript } from '../../../shared/domain/script/index.ts';
import type { Library, Project } from '../library/index.ts';
import type { MediaTools } from '../media/index.ts';
import type { Installation } from '../system/environment.ts';
import type { PlacedSound } from '../sounds/index.ts';
import type { SoundLookup } from '../takes/index.ts';

/** What must be there before a job is asked for; looked for in the order that a kind names them in. */
export type Need =
  | 'consent' // which was not withdrawn
  | 'trainer' // its environment, or a set-up that is on its way
  | 'source' // the project's video
  | 'analysis' // of it
  | 'avatar'; // a finished one

/** A video, its streams as they were chosen, and what its sound is to be called. */
export interface FilmSound {
  readonly path: string;
  readonly streams: SourceStreams;
  readonly name: string;
}

/** What every job's work may use. */
export interface Workplace {
  readonly library: Library;
  readonly installation: Installation;
  /** ffmpeg and ffprobe. Raises StudioError('missing-tool'). */
  readonly tools: () => Promise<MediaTools>;
  readonly soundsOf: (project: Project) => SoundLookup;
  /** As `ProjectSounds.placed`. */
  readonly placedSound: (project: Project, sound: string) => Promise<PlacedSound>;
  /** As `ProjectSounds.withFilm`. */
  readonly withSoundOf: <T>(project: Project, video: FilmSound, make: (sound: SoundInfo) => T) => Promise<T>;
  /** As `ProjectSounds.addSpoken`. */
  readonly addSpoken: (project: Project, file: string, name: string, spoken: SpokenScript) => Promise<SoundInfo>;
  /** What is said in a sound and when, spoken by a voice or aligned; null where that is not known. */
  readonly saidIn: (project: Project, sound: string) => Promise<SaidText | null>;
  /** Whether a voice of this program speaks a sound. */
  readonly isSpoken: (project: Project, sound: string) => Promise<boolean>;
  /** As `ProjectSounds.keepText`. */
  readonly keepText: (project: Project, sound: string, text: SoundText) => Promise<void>;
  /** The drawn sample becomes a project, and is analysed. */
  readonly takeSampleIn: () => Promise<{ projectId: string }>;
}

/** A job whose turn it is. */
export interface Assignment<Request> extends WorkContext {
  readonly request: Request;
  readonly place: Workplace;
}

/** Everything that is particular to one kind of job. */
export interface Kind<Request extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  /** What it was asked to do, as the library keeps it. */
  readonly request: Request;
  /** What it answers when it is done. */
  readonly result: Result;
  readonly lane: Lane;
  readonly needs: readonly Need[];
  /** Does it, once it is its turn. What it answers is held against `result`. */
  work(assignment: Assignment<z.output<Request>>): Promise<unknown>;
}

/** Says what a kind is, and keeps its types. */
export function defineKind<Request extends z.ZodType, Result extends z.ZodType>(
  kind: Kind<Request, Result>,
): Kind<Request, Result> {
  return kind;
}

/** The project that a job works on. Raises StudioError('not-found') when it is gone. */
export function projectOf({ job, place }: Pick<Assignment<unknown>, 'job' | 'place'>): Project {
  return place.library.projects.find(job.projectId ?? '');
}

/** A result that does not fit what was agreed on is a bug of ours, not of what was given. */
export function fitting<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError({
    code: 'internal',
    message: "The job's result is not what was agreed on.",
    hint: 'Try again; if it happens again, send a debug report.',
    detail: z.prettifyError(parsed.error),
  });
}
