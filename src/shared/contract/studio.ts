import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { FilmFormat, PlainBackground, Quality, Shape } from '../domain/film/index.ts';
import { Manner } from '../domain/manner.ts';
import { LONGEST_NAME } from '../domain/names.ts';
import { SoundId, SpeechWish, Take } from '../domain/take.ts';
import { ConsentGiven, consentsContract } from './consents.ts';
import { JobDetail, JobView } from './job.ts';
import { listsContract } from './lists.ts';
import { Checkpoint, Draws } from './manifest.ts';
import { FileRef, JobId, ProjectId, TakeId } from './refs.ts';
import { AnalysisReport, EvaluateResult, SourceInfo, SourceStreams } from './results.ts';
import { systemContract } from './system.ts';
import { Device, Preset, SpeechEncoder, TrainerEvent } from './trainer.ts';
import { CaptionsWish, voicesContract } from './voices.ts';

/** Everything the window may ask of the studio core, over either transport. */

export { FileRef } from './refs.ts';
export { AnyJobKind, JobKind, JobStatus, JobView } from './job.ts';

export { ConsentGiven, ConsentView, SamePersonResult } from './consents.ts';

export const ProjectSummary = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  source: SourceInfo,
  hasVideo: z.boolean(), // false: a finished avatar that came without it
  analysed: z.boolean(),
  analysisOlder: z.boolean(), // by an earlier tracker than this program's: analysing again gives another one
  trained: z.boolean(),
  withdrawn: z.boolean(), // its consent: the avatar can't be shown
  thumbnail: z.boolean(), // whether its pictures are made, so that one of them can be shown
});
export type ProjectSummary = z.infer<typeof ProjectSummary>;

/** A project that was removed; all of it lies in the library's trash folder. */
export const TrashedProject = z.object({ id: z.string(), name: z.string(), deletedAt: z.string() });
export type TrashedProject = z.infer<typeof TrashedProject>;

/** One of a project's takes. */
export const TakeView = z.object({
  id: z.string(),
  name: z.string(),
  open: z.boolean(), // the one that was opened last: a new window shows it
});
export type TakeView = z.infer<typeof TakeView>;

/** A sound of a project; its bytes, as WAV, are under `/media/<project>/sounds/<id>`. */
export const SoundInfo = z.object({
  id: SoundId,
  name: z.string(),
  seconds: z.number(),
  spoken: z.boolean().optional(), // true: by a voice, from a script
  aligned: z.boolean().optional(), // true: it was given the text that is said in it
});
export type SoundInfo = z.infer<typeof SoundInfo>;

/** What a timeline draws of a sound: the lowest and highest sample of each `1 / rate` seconds, in 127ths. */
export const SoundShape = z.object({
  seconds: z.number(),
  rate: z.number(),
  low: z.array(z.int().min(-127).max(127)),
  high: z.array(z.int().min(-127).max(127)),
});
export type SoundShape = z.infer<typeof SoundShape>;

export const ProjectDetail = ProjectSummary.extend({
  report: AnalysisReport.nullable(),
  quality: EvaluateResult.nullable(), // held-out figures of the current avatar
  /** Their page and film, under `/media/<project>/evaluation/<file>?v=<version>`; null until somebody asks for them. */
  evaluation: z.object({ page: z.string(), film: z.string(), version: z.string() }).nullable(),
  proof: z.string().nullable(), // the newest training's newest picture of held-out frames, under its media route
  proofs: z.array(z.string()), // all of that training's, oldest first
  /**
   * Of the newest training while it is not finished: when its last checkpoint was saved, which one the live picture
   * shows and what that is drawn by, and whether there is a newer one.
   */
  checkpoint: z
    .object({
      savedAt: z.iso.datetime(),
      shown: Checkpoint.nullable(),
      draws: Draws.nullable(),
      newer: z.boolean(),
    })
    .nullable(),
  /**
   * The source as one JPEG a frame, under `/media/<project>/pictures/<frame>?v=<version>`; null until they are made.
   */
  pictures: z.object({ frames: z.int(), width: z.int(), height: z.int(), version: z.string() }).nullable(),
  takes: z.array(TakeView), // in the order they were made; one at least
  removedTakes: z.array(z.object({ id: z.string(), name: z.string() })), // the last one first; each can be brought back
  manners: z.array(z.object({ name: z.string(), manner: Manner })), // saved to be applied to a take
  sounds: z.array(SoundInfo), // the source's own first, if it has one
  exports: z.array(z.object({ name: z.string(), bytes: z.int(), createdAt: z.string() })),
});
export type ProjectDetail = z.infer<typeof ProjectDetail>;

export const Notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('projects') }), // the list, or a project, changed
  z.object({ kind: z.literal('settings') }), // here or in another window
  z.object({ kind: z.literal('jobs') }), // their order
  z.object({ kind: z.literal('lists') }), // the newest list of films came further
  // It was edited, here or elsewhere.
  z.object({ kind: z.literal('take'), projectId: z.string(), takeId: z.string(), revision: z.int() }),
  z.object({ kind: z.literal('job'), job: JobView }),
  z.object({ kind: z.literal('trainer'), jobId: z.string(), projectId: z.string().nullable(), event: TrainerEvent }),
]);
export type Notice = z.infer<typeof Notice>;

/** What an export may say without a file of somebody's. */
const OwnSound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('source') }), // the video's own sound
  // What is on the timeline of a take, by its id or unique name, from its in point to its out point; the open one's.
  z.object({ kind: z.literal('take'), take: z.string().max(LONGEST_NAME).optional() }),
  z.object({ kind: z.literal('sound'), sound: SoundId }), // one of the project's, from end to end
]);
/**
 * What an export says, once a host has turned an upload into a file of this computer; `times`: the file of when what is
 * said in it, of a voice's speech.
 */
export type SoundSource = z.infer<typeof OwnSound> | (Extract<FileRef, { kind: 'path' }> & { readonly times?: string });

/** What is behind a portrait. */
export const BackgroundChoice = z.discriminatedUnion('kind', [
  ...PlainBackground.options,
  z.object({ kind: z.literal('file'), file: FileRef }), // a picture, or a video, which is repeated
]);
export type BackgroundChoice = z.infer<typeof BackgroundChoice>;
/** How a portrait, or a frame of one, is framed; the video's own by default. */
const framed = { shape: Shape.optional(), background: BackgroundChoice.optional() };

const started = z.object({ jobId: z.string() });
const project = z.object({ id: ProjectId });
const oneTake = project.extend({ take: TakeId });
const name = z.string().trim().min(1).max(LONGEST_NAME);

export const contract = {
  projects: {
    list: oc.output(z.array(ProjectSummary)),
    get: oc.input(project).output(ProjectDetail),
    /**
     * Whether a file can be read as a video, and its middle picture, a small JPEG in base64; an upload that cannot be
     * read is put away. Raises 'bad-video' for one.
     */
    check: oc.input(z.object({ file: FileRef })).output(z.object({ picture: z.base64() })),
    /** A file that was handed over is not imported after all. */
    leaveOut: oc.input(z.object({ file: FileRef })).output(z.object({})),
    import: oc
      .input(
        z.object({
          file: FileRef,
          name,
          consent: ConsentGiven,
        }),
      )
      .output(z.object({ projectId: z.string() })),
    /** Before a training, another picture or sound of the video's file, by its index; it is to be analysed again. */
    chooseStreams: oc
      .input(project.extend({ picture: z.int().min(0).optional(), sound: z.int().min(0).optional() }))
      .output(SourceStreams),
    rename: oc.input(project.extend({ name })).output(z.object({})),
    /** Another with all that it has, but for its films; answers it. Raises 'busy' while a job works on it. */
    duplicate: oc.input(project).output(z.object({ projectId: z.string(), name: z.string() })),
    remove: oc.input(project).output(z.object({})), // to the library's trash folder
    trashed: oc.output(z.array(TrashedProject)),
    /** Raises 'not-found' for one that is not in the trash. */
    bringBack: oc.input(project).output(z.object({})),
    /**
     * What lies in the trash, or of it the one project `id`, is deleted for good. Raises 'not-found' for one that is
     * not there.
     */
    emptyTrash: oc.input(project.partial()).output(z.object({ projects: z.int() })),
  },
  work: {
    analyze: oc.input(project.extend({ person: z.int().min(0).max(99).optional() })).output(started),
    train: oc
      .input(
        project.extend({
          preset: Preset,
          device: Device,
          minutes: z.number().positive().max(100_000).optional(),
          speech: SpeechEncoder.optional(), // `embedded` by default
          resume: z.boolean(),
        }),
      )
      .output(started),
    /** A finished training goes on for this long, from where it ended. Raises 'not-found' without one. */
    keepTraining: oc.input(project.extend({ minutes: z.number().min(1).max(10_000) })).output(started),
    /**
     * The newest training's last checkpoint as an avatar, which the live picture then shows. Raises 'not-found' before
     * the first.
     */
    tryCheckpoint: oc.input(project).output(started),
    /** The live picture goes back to the finished avatar, if there is one. */
    dropCheckpoint: oc.input(project).output(z.object({})),
    /** Measures the avatar on held-out frames, and makes a page and a film of it. */
    evaluate: oc.input(project).output(started),
    /** The source as pictures for the viewer; done at once when they are there. */
    pictures: oc.input(project).output(started),
    /** Raises 'bad-request' for what does not go together, such as transparency in an MP4. */
    export: oc
      .input(
        project.extend({
          sound: z.discriminatedUnion('kind', [...FileRef.options, ...OwnSound.options]),
          mode: z.enum(['dub', 'portrait']),
          height: z.union([z.literal('source'), z.int().min(128).max(2160)]),
          format: FilmFormat.optional(), // MP4 with H.264
          quality: Quality.optional(), // good
          captions: CaptionsWish.shape.as.optional(), // of what is said on the take, or of `subtitles`; none
          subtitles: FileRef.optional(), // .srt or .vtt, with times of their own
          speech: SpeechWish.optional(), // in place of what the take says
          timeline: z.boolean().optional(), // of a take: a file for editors beside the film (OpenTimelineIO); none
          ...framed,
        }),
      )
      .output(started),
    /**
     * Saves the frame that is shown at a moment of a take (the open one) among the project's exports, as PNG; `name` is
     * its file. Raises 'bad-request' for a moment outside the take.
     */
    saveFrame: oc
      .input(
        project.extend({
          take: TakeId.optional(),
          seconds: z.number().min(0).max(86_400),
          mode: z.enum(['dub', 'portrait']),
          height: z.union([z.literal('source'), z.int().min(128).max(2160)]),
          ...framed,
        }),
      )
      .output(started.extend({ name: z.string() })),
    /**
     * Lets the person in another video drive the avatar, whose take is open then. `name`: what the video is called; of
     * it nothing stays but how they move, its sound, and who agreed.
     */
    drive: oc.input(project.extend({ file: FileRef, name, consent: ConsentGiven })).output(started),
    /**
     * Opens the folder of a project's exports in the system's file manager; raises 'bad-request' where the host cannot.
     */
    showExports: oc.input(project).output(z.object({})),
  },
  sounds: {
    /** Takes a sound file in, as WAV. Adding the same sound again answers with the one that is there. */
    add: oc.input(project.extend({ file: FileRef, name })).output(SoundInfo),
    shape: oc.input(project.extend({ sound: SoundId })).output(SoundShape),
  },
  takes: {
    /** The open one by default. */
    get: oc
      .input(project.extend({ take: TakeId.optional() }))
      .output(z.object({ id: z.string(), name: z.string(), take: Take, revision: z.int() })),
    /** `revision` is the one that was edited; raises 'busy' when somebody saved in between. */
    save: oc
      .input(project.extend({ takeId: TakeId, take: Take, revision: z.int() }))
      .output(z.object({ revision: z.int() })),
    /** What is made is open then: an empty one, or, with `take`, another with the same on it. */
    create: oc.input(project.extend({ take: TakeId.optional(), name: name.optional() })).output(TakeView),
    rename: oc.input(oneTake.extend({ name })).output(TakeView),
    open: oc.input(oneTake).output(TakeView),
    /** Raises 'bad-request' for the last one. */
    remove: oc.input(oneTake).output(z.object({})),
    /** Raises 'not-found' for one that was not removed. */
    bringBack: oc.input(oneTake).output(TakeView),
    saveManner: oc.input(project.extend({ name, manner: Manner })).output(z.object({})), // in place of one so called
    removeManner: oc.input(project.extend({ name })).output(z.object({})),
  },
  live: {
    /**
     * Where this computer shows a project's live picture without its background, for a program that films it; as long
     * as this program runs.
     */
    address: oc.input(project).output(z.object({ url: z.url() })),
  },
  /** Presentation time of every picture, seconds, ascending. Raises 'not-found' before they are made. */
  pictureTimes: oc.input(project).output(z.array(z.number())),
  jobs: {
    list: oc.output(z.array(JobView)),
    get: oc.input(z.object({ id: JobId })).output(JobDetail),
    /** A job as it is, and again each time that it changed, until it has ended. */
    events: oc.input(z.object({ id: JobId })).output(eventIterator(JobDetail)),
    cancel: oc.input(z.object({ id: JobId })).output(z.object({})),
    resume: oc.input(z.object({ id: JobId })).output(z.object({})),
    /**
     * A waiting job changes places with the next one of its kind of work; -1: it begins earlier. Raises 'bad-request'
     * for one that does not wait.
     */
    move: oc.input(z.object({ id: JobId, by: z.union([z.literal(-1), z.literal(1)]) })).output(z.object({})),
    /** The end of what a job wrote: its events in words, and the program's own output. */
    log: oc.input(z.object({ id: JobId })).output(z.object({ events: z.string(), output: z.string() })),
  },
  /** The training log so far, so that a reloaded window shows the same chart. */
  metrics: oc
    .input(project)
    .output(
      z.array(z.object({ step: z.int(), split: z.enum(['train', 'test']), name: z.string(), value: z.number() })),
    ),
  consents: consentsContract,
  notices: oc.output(eventIterator(Notice)),
  ...listsContract,
  ...voicesContract,
  ...systemContract,
};
export type StudioContract = typeof contract;
