import { z } from 'zod';
import { EXPRESSIONS, VERTICES } from '../face/index.ts';
import { PRESET_NAMES } from '../format/index.ts';
import { SignedFormat } from '../domain/film/index.ts';
import { ErrorCode } from './errors.ts';

/** Jobs sent to the trainer: the first line of its standard input. Paths are absolute. */
export const Preset = z.enum(PRESET_NAMES);
export type Preset = z.infer<typeof Preset>;
export const Device = z.enum(['auto', 'cpu', 'cuda']);
export type Device = z.infer<typeof Device>;

const base = {
  v: z.literal(1),
  producer: z.string(), // the program that asks, and its version: it goes into what is written
  ffmpeg: z.string(),
  ffprobe: z.string(),
  threads: z.int().min(1).max(64).optional(),
};

/** The video that a job is about, and which of its streams were chosen; without them it is the first ones. */
const film = {
  source: z.string(),
  streams: z.object({ picture: z.int().min(0), sound: z.int().min(0).optional(), opposite: z.boolean() }).optional(),
};

export const AnalyzeJob = z.object({
  ...base,
  command: z.literal('analyze'),
  ...film,
  analysisDir: z.string(),
  person: z.int().min(0).optional(),
  faceBasis: z.string().optional(), // made of the user's face model
});
/** Tells what the face does in pictures that come on standard input (`FollowMessage`), until it is cancelled. */
export const FollowJob = z.object({
  ...base,
  command: z.literal('follow'),
  width: z.int().min(64).max(640), // of the pictures, pixels; even, as is the height
  height: z.int().min(64).max(640),
});
/** Makes a small basis over the face mesh of a face model as it is published: a file, an archive or a folder. */
export const FaceBasisJob = z.object({
  ...base,
  command: z.literal('face-basis'),
  file: z.string(),
  outDir: z.string(),
});
/** Makes the avatar engine's graphs of a HuBERT. */
export const HubertGraphsJob = z.object({
  ...base,
  command: z.literal('hubert-graphs'),
  weights: z.string(), // the checkpoint as it was published
  outDir: z.string(), // named by its SHA-256
});
/** A HuBERT that the user has added. */
const HubertModel = z.object({
  weights: z.string(),
  sha256: z.string(), // of the weights
  graphs: z.string(), // the folder of its graphs, which are made where they are not there
});
/** What turns sound into features: what every avatar holds, or beside it what the user has added. */
export const SpeechEncoder = z.enum(['embedded', 'hubert']);
export type SpeechEncoder = z.infer<typeof SpeechEncoder>;
export const TrainJob = z.object({
  ...base,
  command: z.literal('train'),
  ...film,
  analysisDir: z.string(),
  runDir: z.string(), // checkpoints, log.ndjson, proofs
  avatarPath: z.string(), // written whole at the end
  preset: Preset,
  minutes: z.number().positive().optional(), // replaces the preset's length
  device: Device,
  resume: z.boolean(),
  further: z.array(z.number().positive()).optional(), // minutes of each time the training went on after its end
  seed: z.int(),
  hubert: HubertModel.optional(), // what is to hear the person's speech beside the embedded encoder
  name: z.string(),
  consent: z.object({ basis: z.enum(['self', 'permission', 'synthetic']), id: z.string(), recordedAt: z.string() }),
});
/** An avatar of a run's newest checkpoint, whether the training goes on or was stopped; the run is only read. */
export const CheckpointJob = z.object({
  ...base,
  ...film,
  ...TrainJob.pick({ analysisDir: true, runDir: true, preset: true, name: true, consent: true }).shape,
  command: z.literal('checkpoint'),
  avatarPath: z.string(), // written whole
});
/** Times some steps of each stage on the analysed person; keeps nothing. */
export const EstimateJob = z.object({
  ...base,
  command: z.literal('estimate'),
  ...film,
  analysisDir: z.string(),
  device: Device,
});
export const EvaluateJob = z.object({
  ...base,
  command: z.literal('evaluate'),
  ...film,
  analysisDir: z.string(),
  avatarPath: z.string(),
  videoPath: z.string().optional(),
  reportDir: z.string().optional(),
  perceptual: z.string().optional(), // the user's weights, as are the next two
  recognition: z.object({ weights: z.string(), manifest: z.string() }).optional(),
  hubert: HubertModel.optional(), // what the avatar may have been fitted on
});
/** Compares the face in another video with the avatar's. */
export const SamePersonJob = z.object({
  ...base,
  command: z.literal('same-person'),
  ...film,
  analysisDir: z.string(),
  other: z.string(), // the other video
  recognition: z.object({ weights: z.string(), manifest: z.string() }), // the user's weights
});
export const RenderJob = z.object({
  ...base,
  command: z.literal('render'),
  ...film,
  analysisDir: z.string(),
  avatarPath: z.string(),
  outDir: z.string(),
  split: z.enum(['train', 'test']),
  drive: z.enum(['track', 'speech']),
  size: z.enum(['source', 'crop']),
});
/** What is taken apart: speech to motion, or what draws without training. */
export const AblationSubject = z.enum(['speech', 'renderer']);
export type AblationSubject = z.infer<typeof AblationSubject>;
export const AblateJob = z.object({
  ...base,
  command: z.literal('ablate'),
  subject: AblationSubject,
  ...film,
  analysisDir: z.string(),
  outDir: z.string(),
  hubert: z.string().optional(), // the user's weights
  visemes: z.string().optional(), // what a browser's library heard in the sound, where one is installed
  // somebody else, whose sound the chain is to hear too
  hears: z.object({ name: z.string(), analysisDir: z.string() }).optional(),
});
export const DemoSampleJob = z.object({
  ...base,
  command: z.literal('demo-sample'),
  outDir: z.string(),
  seconds: z.number().positive().optional(),
  seed: z.int().optional(),
});
/** The folder of the library's certificates. */
const credentials = { credentialsDir: z.string() };
/** Tells who signs content credentials; the local certificate is made where there is none. */
export const CertificateJob = z.object({
  ...base,
  command: z.literal('certificate'),
  ...credentials,
  // taken in first, if it can sign: PEM files
  own: z.object({ certificate: z.string(), key: z.string() }).optional(),
  trust: z.string().optional(), // likewise: certificates of those whose word counts
  forget: z.array(z.enum(['own', 'trust'])).optional(), // what was taken in before, and counts no more
});
/** Puts content credentials into a finished file. */
export const SignJob = z.object({
  ...base,
  command: z.literal('sign'),
  ...credentials,
  file: z.string(), // replaced whole, or left as it is
  format: SignedFormat,
  beside: z.string().optional(), // where the manifest goes, for a format that has no place for one
  manifest: z.string(), // what is said of it: a manifest definition of c2pa-rs, as JSON
});
/** Reads and checks the content credentials of any file. */
export const CredentialsJob = z.object({
  ...base,
  command: z.literal('credentials'),
  ...credentials,
  file: z.string(),
});
export const TrainerJob = z.discriminatedUnion('command', [
  AnalyzeJob,
  FollowJob,
  FaceBasisJob,
  HubertGraphsJob,
  TrainJob,
  CheckpointJob,
  EstimateJob,
  EvaluateJob,
  SamePersonJob,
  RenderJob,
  AblateJob,
  DemoSampleJob,
  CertificateJob,
  SignJob,
  CredentialsJob,
]);
export type TrainerJob = z.infer<typeof TrainerJob>;

/** What `follow` is told after its job, a line each. A picture that a newer one overtakes is never looked at. */
export type FollowMessage =
  /** `picture`: luma, then both chromas at half the size, BT.601 of full range; base64. */
  | { readonly type: 'frame'; readonly serial: number; readonly picture: string }
  /** The second that begins now is a calm one: all is measured from it. */
  | { readonly type: 'calm' };

/** Numbers that the trainer hands over as base64 of little-endian f32. */
const packed = (count: number) => z.string().length(Math.ceil((count * 4) / 3) * 4);
const numbers = (count: number) => z.array(z.number()).length(count);

/** A face in a calm moment, from which all it does is measured: the tensors of a track. */
export const CalmFace = z.object({
  neutral: packed(VERTICES * 3), // cm, its expression is 0
  expressionBasis: packed(EXPRESSIONS * VERTICES * 3),
  irisNeutral: packed(10 * 3),
  rotation: numbers(9),
  translation: numbers(3),
  focal: z.number(), // of the camera, in its picture's pixels
  principal: numbers(2),
});
export type CalmFace = z.infer<typeof CalmFace>;

/** What a face does in one picture: a row of a track. */
export const SeenFace = z.object({
  rotation: numbers(9), // head to camera, row-major
  translation: numbers(3), // cm
  expression: numbers(EXPRESSIONS),
  gaze: numbers(4), // eye widths from where the irises are in the calm moment
  openness: z.number(), // of the eyes, 1 as in the calm moment
  torso: numbers(6).nullable(), // a similarity from the calm moment's picture; nothing where none is followed
});
export type SeenFace = z.infer<typeof SeenFace>;

/** Lines of the trainer's standard output. `time` is seconds since the epoch. */
const event = { v: z.literal(1), time: z.number() };
export const TrainerEvent = z.discriminatedUnion('type', [
  z.object({
    ...event,
    type: z.literal('stage'),
    name: z.string(),
    index: z.int(),
    count: z.int(),
    // of each stage, as a share of the whole job; earlier versions did not know
    ends: z.array(z.number().min(0).max(1)).default([]),
  }),
  z.object({
    ...event,
    type: z.literal('progress'),
    stage: z.string(),
    done: z.number(),
    total: z.number(),
    unit: z.string(),
    rate: z.number().nullable(),
    etaSeconds: z.number().nullable(), // of the whole job
  }),
  z.object({
    ...event,
    type: z.literal('metric'),
    step: z.int(),
    split: z.enum(['train', 'test']),
    name: z.string(),
    value: z.number(),
  }),
  z.object({ ...event, type: z.literal('proof'), step: z.int(), path: z.string() }),
  z.object({ ...event, type: z.literal('checkpoint'), step: z.int() }), // one was saved
  z.object({
    ...event,
    type: z.literal('artifact'),
    kind: z.string(),
    path: z.string(),
    sha256: z.string(),
    bytes: z.int(),
  }),
  z.object({ ...event, type: z.literal('warning'), code: z.string(), message: z.string(), hint: z.string() }),
  z.object({
    ...event,
    type: z.literal('error'),
    code: ErrorCode,
    message: z.string(),
    hint: z.string(),
    detail: z.string().optional(),
  }),
  z.object({ ...event, type: z.literal('done'), summary: z.record(z.string(), z.unknown()) }),
]);
export type TrainerEvent = z.infer<typeof TrainerEvent>;

/** What `follow` answers beside the others. */
export const FollowEvent = z.discriminatedUnion('type', [
  z.object({ ...event, type: z.literal('calm'), ...CalmFace.shape }),
  // `face`: nothing before there was a calm moment, or where none was found
  z.object({ ...event, type: z.literal('face'), serial: z.int(), found: z.boolean(), face: SeenFace.nullable() }),
]);
export type FollowEvent = z.infer<typeof FollowEvent>;
