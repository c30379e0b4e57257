import { z } from 'zod';
import { SoundId } from '../domain/take.ts';
import { StudioErrorShape } from './errors.ts';

/** What a job does. Each has a file in `src/main/studio/kinds`; the window's names and steps follow from this. */
export const JobKind = z.enum([
  'analyze',
  'train',
  'checkpoint', // a training's newest checkpoint as an avatar to look at
  'estimate', // how long trainings take on this computer
  'evaluate',
  'render',
  'ablate',
  'demo-sample',
  'face-basis', // of a face model that a person adds
  'hubert-graphs', // of the weights of HuBERT, likewise
  'pictures', // the source as one JPEG a frame
  'export',
  'frame', // of a take, as an export shows it
  'drive', // a take, from how somebody moves in another video
  'same-person', // as in another video
  'say', // a script, as a sound
  'align', // a text to a recording of it
  'voice', // fetched, with its licence agreed to
  'set-up', // of the trainer's environment
]);
export type JobKind = z.infer<typeof JobKind>;

/** A job that another version of Likeness left in the library may be of a kind that this one does not know. */
export const AnyJobKind = z.enum([...JobKind.options, 'unknown']);
export type AnyJobKind = z.infer<typeof AnyJobKind>;

/**
 * What a running job is at. `share` is of the whole job, and never falls; `ends` says where on it each stage ends.
 * `done` of `total` is of the stage; `total` is 0 until it knows it. `note`: what exactly it is at, in words.
 */
export const JobProgress = z.object({
  share: z.number().min(0).max(1).default(0), // earlier versions knew the stage's alone
  ends: z.array(z.number()).default([]),
  stage: z.string(),
  stageIndex: z.int(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  etaSeconds: z.number().nullable(),
  note: z.string().optional(),
});
export type JobProgress = Readonly<z.infer<typeof JobProgress>>;

/** How far a job came that ended before its end; earlier versions did not keep it. */
const CameTo = JobProgress.nullable().default(null);

/**
 * What a job is doing now. Every consumer switches over `kind`. `checkpoint`: the file that it can go on from;
 * `progress` of one that ended: how far it came.
 */
export const JobState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued') }),
  z.object({ kind: z.literal('running'), progress: JobProgress.nullable() }),
  // the app, the trainer or the machine went away
  z.object({ kind: z.literal('interrupted'), checkpoint: z.string().nullable(), progress: CameTo }),
  z.object({ kind: z.literal('failed'), error: StudioErrorShape, progress: CameTo }),
  z.object({ kind: z.literal('cancelled'), checkpoint: z.string().nullable(), progress: CameTo }),
  z.object({ kind: z.literal('done'), result: z.record(z.string(), z.unknown()) }),
]);
export type JobState = Readonly<z.infer<typeof JobState>>;

export const JobStatus = z.enum(['queued', 'running', 'interrupted', 'failed', 'cancelled', 'done']);

/** A job as a window shows it. */
export const JobView = z.object({
  id: z.string(),
  kind: AnyJobKind,
  projectId: z.string().nullable(),
  lane: z.string(), // jobs of one lane wait for each other
  status: JobStatus,
  progress: JobProgress.pick({
    share: true,
    ends: true,
    stage: true,
    done: true,
    total: true,
    unit: true,
    etaSeconds: true,
  })
    .extend({ note: z.string().nullable() })
    .nullable(),
  error: StudioErrorShape.nullable(),
  resumable: z.boolean(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  position: z.int(), // waiting jobs begin in this order
});
export type JobView = z.infer<typeof JobView>;

/** What a job that is done made, as others may ask for it. */
export const JobMade = z.object({
  exports: z.array(z.string()), // names among the project's exports
  sound: SoundId.nullable(), // of the project
});
export type JobMade = z.infer<typeof JobMade>;

export const JobDetail = JobView.extend({ made: JobMade.nullable() }); // null before it is done
export type JobDetail = z.infer<typeof JobDetail>;
