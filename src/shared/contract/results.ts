import { z } from 'zod';
import { Signed } from './credentials.ts';
import { LaneName } from '../domain/lanes/index.ts';
import { Draws } from './manifest.ts';
import { SpeechEncoder } from './trainer.ts';

const size = { width: z.int(), height: z.int() }; // pixels
const stream = { index: z.int().min(0), codec: z.string(), title: z.string() }; // by its index in the file
/** Which picture of a file is the film and which of its sounds is heard, and what there was to choose from. */
export const SourceStreams = z.object({
  picture: z.int().min(0),
  sound: z.int().min(0).nullable(), // null: there is none
  opposite: z.boolean(), // the sound's two channels cancel each other out: one is turned over before they are mixed
  pictures: z.array(z.object({ ...stream, ...size })),
  sounds: z.array(z.object({ ...stream, channels: z.int(), decibels: z.number().nullable() })), // null: silent
});
export type SourceStreams = z.infer<typeof SourceStreams>;

/** What each command prints with `--json`, and what the same operation answers in the window. */
export const SourceInfo = z.object({
  width: z.int().positive(), // as displayed: rotation applied, square pixels
  height: z.int().positive(),
  fps: z.number().positive(),
  duration: z.number().positive(), // seconds
  frames: z.int().positive(),
  rotation: z.int(), // degrees the container asks for
  hasAudio: z.boolean(),
  codec: z.string(),
  variableFrameRate: z.boolean(),
  // In ffmpeg's names, as the file says; "unknown" where it does not. Older projects keep none of what follows.
  colours: z.object({ primaries: z.string(), transfer: z.string(), matrix: z.string(), range: z.string() }).optional(),
  hdr: z.enum(['HLG', 'PQ']).optional(), // it is read in BT.709
  interlaced: z.boolean().optional(), // it is read without combing
  damaged: z.boolean().optional(), // what can be read of it is
  missingSeconds: z.number().positive().optional(), // at the end of a file that is cut short
  streams: SourceStreams.optional(), // none of a video that was imported before they were chosen, nor of an avatar
});
export type SourceInfo = z.infer<typeof SourceInfo>;

export const ImportResult = z.object({ projectId: z.string(), name: z.string(), source: SourceInfo });
export type ImportResult = z.infer<typeof ImportResult>;

export const FrameStates = z.object({
  good: z.int(),
  occluded: z.int(),
  missing: z.int(),
  other: z.int(),
  blurred: z.int(),
});
export const Check = z.object({
  // face-size, sharpness, light, pose-range, good-frames, speech, sync, mouth-motion, duration, people, occlusion,
  // camera, colours, fields, rate, whole
  code: z.string(),
  level: z.enum(['ok', 'warning', 'problem']),
  message: z.string(),
  hint: z.string(),
  frames: z.array(z.tuple([z.int(), z.int()])).optional(), // spans to jump to, [first, last]
});
export type Check = z.infer<typeof Check>;
export const Person = z.object({
  id: z.int(),
  frames: z.int(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  frame: z.int(),
});
export type Person = z.infer<typeof Person>;
/**
 * What the fit knows of people's faces: nothing but the generic face, or the statistics of a model in
 * `resources/models.json` that the user has added.
 */
export const FaceBasis = z.enum(['generic', 'bfm-2009', 'ict-facekit']);
export type FaceBasis = z.infer<typeof FaceBasis>;
export const FaceBasisResult = z.object({
  model: FaceBasis,
  path: z.string(),
  identities: z.int(),
  expressions: z.int(),
  apart: z.number(), // cm between the mesh and the model's surface, median
  content: z.string(), // SHA-256 of the values in it
});
export type FaceBasisResult = z.infer<typeof FaceBasisResult>;
/** The folder of a HuBERT's graphs, and what they are. */
export const HubertGraphsResult = z.object({ path: z.string(), version: z.int(), layers: z.int(), size: z.int() });
export type HubertGraphsResult = z.infer<typeof HubertGraphsResult>;
/** What an avatar hears with, and, where that is not what it was trained with, why not. */
export const HeardWith = z.object({ encoder: SpeechEncoder, notice: z.string().nullable() });
export type HeardWith = z.infer<typeof HeardWith>;

/** `analysis/report.json`, and the result of `analyze`. */
export const AnalysisReport = z.object({
  frames: z.int(),
  states: FrameStates,
  people: z.array(Person),
  checks: z.array(Check),
  seconds: z.number(),
  secondsByStage: z.record(z.string(), z.number()),
  producer: z.string().default(''), // the program that made it, and its version
  tracker: z.int().default(0), // number of the tracker that made it; 0: from before there were any
  person: z.int().min(0).default(0), // which of `people` was followed
  faceBasis: FaceBasis.catch('generic').default('generic'), // what was known of people's faces
});
export type AnalysisReport = z.infer<typeof AnalysisReport>;

export const TrainResult = z.object({
  runId: z.string(),
  avatar: z.string(),
  seconds: z.number(),
  metrics: z.record(z.string(), z.number()),
});
export type TrainResult = z.infer<typeof TrainResult>;
/** What `train` prints: whether the analysis that it trained on was made by an earlier tracker than this program's. */
export const TrainAnswer = TrainResult.extend({ analysisOlder: z.boolean() });

export const CheckpointResult = z.object({ avatar: z.string() });
export type CheckpointResult = z.infer<typeof CheckpointResult>;

const overBoxes = <Figure extends z.ZodType>(figure: Figure) => z.object({ head: figure, face: figure, mouth: figure });
const db = overBoxes(z.number());
const closures = z.object({ precision: z.number().nullable(), recall: z.number().nullable() });
const likeness = {
  psnr: db,
  /** dB of the head's box where the person is. Reports of before have none. */
  person: z.number().nullable().optional(),
  ssim: z.object({ head: z.number(), face: z.number() }),
  sharpness: z.object({ face: z.number(), mouth: z.number() }), // ratio to the truth's high-frequency energy
};
/** The same head crops at the source's own resolution; what is drawn smaller is enlarged as an export does it. */
export const NativeQuality = z.object({
  ...likeness,
  cpbd: z.number().nullable(),
  change: z.number().nullable(),
  flicker: z.number().nullable(),
});
const follows = closures.extend({ r: z.number().nullable() });
/** How the mesh that the clip's own sound drives goes with the tracked one: its opening's r, and closures. */
export const EncoderFigures = z.object({ embedded: follows, hubert: follows.optional() });
export type EncoderFigures = z.infer<typeof EncoderFigures>;
/** Reports of before have neither `cpbd`, `change` and `flicker` nor what follows them here. */
export const Quality = z.object({
  ...likeness,
  lmd: z.number(), // mouth landmark distance, share of the inter-ocular distance
  apertureR: z.number().nullable(), // driven by speech, against the tracked mouth
  closure: closures,
  jitter: z.number(), // temporal error, grey levels, face
  fps: z.number().nullable(),
  cpbd: z.number().nullable().optional(), // share of the face's edges that nobody takes for blurred
  change: z.number().nullable().optional(), // of the change between frames, grey levels, face
  flicker: z.number().nullable().optional(), // to and fro between frames, share of the truth's
  /** The opening seen in the drawn mouth against the one that was asked for. */
  follows: z.object({ track: follows, sound: follows.nullable() }).optional(),
  spoken: z.object({ psnr: db, lmd: z.number() }).nullable().optional(), // driven by speech
  native: NativeQuality.optional(), // what `evaluate` adds
  /** Where the weights for them were added: a distance as a network sees it, and of the faces' descriptors. */
  perceptual: z.number().optional(),
  identity: z.number().nullable().optional(),
});
export type NativeQuality = z.infer<typeof NativeQuality>;
export type Quality = z.infer<typeof Quality>;
/** The filmed mouth beside the driven one, to be watched. */
export const BesideVideo = z.object({
  path: z.string(),
  frames: z.int(),
  heldOut: z.int(), // of them, at the end
  fps: z.number(),
  start: z.number(), // in the source, seconds
  opening: z.object({
    r: z.number().nullable(),
    heldOutR: z.number().nullable(),
    bestR: z.number().nullable(),
    lagSeconds: z.number().nullable(),
  }), // of the meshes; bestR is at the lag, driven after filmed
});
export type BesideVideo = z.infer<typeof BesideVideo>;
/** Where the evaluation's page lies, the film beside it, and its figures. */
export const EvaluateReport = z.object({ html: z.string(), film: z.string(), figures: z.string() });
export type EvaluateReport = z.infer<typeof EvaluateReport>;
/** The measures that need no truth, of the truth itself. */
export const TruthFigures = z.object({
  cpbd: z.number().nullable(),
  native: z.object({ side: z.int(), frames: z.int(), cpbd: z.number().nullable() }), // side of the crop, source pixels
});
const angles = z.tuple([z.number(), z.number()]);
// null where no face was found; identity: distance of descriptors from the mean filmed one
const tracked = z.object({ poseError: z.number().nullable(), identity: z.number().nullable() });
/** A head that is turned, drawn and tracked again; degrees. */
export const TurnFigures = z.object({
  ranges: z.object({ yaw: angles, pitch: angles, roll: angles }), // of the training
  filmed: tracked, // frames as they were filmed
  usual: tracked, // the usual pose, drawn
  turns: z.array(
    z.object({
      axis: z.enum(['yaw', 'pitch', 'roll']),
      degrees: z.number(),
      beyond: z.boolean(), // by five degrees
      ...tracked.shape,
    }),
  ),
});
/**
 * The result of `evaluate`, and (without what costs much) `report.json` in a bundle: held-out frames (the last 1/11 of
 * the good ones).
 */
export const EvaluateResult = Quality.extend({
  frames: z.int(),
  /**
   * What needs no training: the most similar training frame, that one warped into place, the mean of eight warped ones,
   * and the frames regressed on the controls in closed form; avatars of before have the first two alone.
   */
  baselines: z.object({ nearest: Quality, warp: Quality, mean: Quality.optional(), instant: Quality.optional() }),
  fast: Quality.partial().optional(),
  /** Which draws, and so was measured above; the two others are there where the avatar holds the closed form. */
  draws: Draws.optional(),
  std: Quality.partial().optional(),
  closed: Quality.partial().optional(),
  /** The closed form with the sway that was tracked in the frames themselves, where the avatar holds that. */
  sway: Quality.optional(),
  /** By each speech encoder that is here; what else is driven by sound is driven by the embedded one. */
  encoders: EncoderFigures.optional(),
  truth: TruthFigures.optional(),
  turns: TurnFigures.optional(),
  video: BesideVideo.optional(),
  report: EvaluateReport.optional(),
});
export type EvaluateResult = z.infer<typeof EvaluateResult>;

const overFolds = z.object({ mean: z.number(), sd: z.number() });
// pooled: of all folds' frames together
const figure = overFolds.extend({ pooled: z.number(), folds: z.array(z.number()) });
const matched = z.object({ precision: z.number().nullable(), recall: z.number().nullable() });
export const AblationPart = z.object({
  id: z.string(),
  // the last two: the whole chain with a part left out, or one added
  group: z.enum(['baseline', 'branch', 'whole', 'without', 'with']),
  label: z.string(),
  opening: figure, // Pearson's r against the tracked mouth, as are the next two
  width: figure,
  mouthPca: figure,
  spread: figure, // of the opening, share of the person's own
  closure: matched,
  // the whole chain's r above this one's, fold by fold
  chainAhead: z.object({ opening: overFolds, width: overFolds, mouthPca: overFolds }),
});
export type AblationPart = z.infer<typeof AblationPart>;
// cm: 3, 50, 97 and 10 % of the frames are below
const openings = z.object({ low: z.number(), middle: z.number(), high: z.number(), shut: z.number() });
const closed = z.object({ count: z.int(), shut: z.int() });
/** What the finished chain does with sounds and voices that it was not fitted on. */
export const AblationTrials = z.object({
  adapted: z.boolean(), // false: nothing says that the sound is theirs, and the general chain was tried
  own: openings, // of the person's tracked mouth
  sounds: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      opening: openings,
      above: z.number(),
      below: z.number(),
      shutInSilence: z.number().nullable(),
    }),
  ), // shares of the frames
  // mean opening of a long sound, cm
  minutes: z.object({ first: z.number(), fifth: z.number(), last: z.number(), seconds: z.number() }),
  voices: z.array(z.object({ id: z.string(), label: z.string(), bilabials: closed, openVowels: closed })),
  synthesiser: z.boolean(), // whether there was one, for new sentences
});
/** The chain hears another project's sound: against that one's tracked mouth. */
export const AblationHears = z.object({
  name: z.string(),
  opening: figure,
  width: figure,
  closure: matched,
  range: openings,
});
/** A part of the closed form left out, more or less of it, or a network on its picture; in five contiguous folds of
 *  the good frames. */
export const RendererPart = z.object({
  id: z.string(),
  group: z.enum(['baseline', 'whole', 'without', 'size', 'network']),
  label: z.string(),
  psnr: overBoxes(overFolds.extend({ folds: z.array(z.number()) })),
  sharpness: overFolds, // of the face
  wholeAhead: overBoxes(overFolds), // dB of the whole closed form above this one's, fold by fold
});
export type RendererPart = z.infer<typeof RendererPart>;
const reports = { report: z.string(), html: z.string() };
export const SpeechAblation = z.object({
  ...reports,
  subject: z.literal('speech'),
  parts: z.array(AblationPart),
  trials: AblationTrials,
  hears: AblationHears.nullable(),
});
export type SpeechAblation = z.infer<typeof SpeechAblation>;
export const RendererAblation = z.object({
  ...reports,
  subject: z.literal('renderer'),
  parts: z.array(RendererPart),
});
export type RendererAblation = z.infer<typeof RendererAblation>;
/** The result of `ablate`: where the report is, as data and as a page, and what it says. */
export const AblateResult = z.discriminatedUnion('subject', [SpeechAblation, RendererAblation]);
export type AblateResult = z.infer<typeof AblateResult>;

/** The take that a video drives, and what of that video is in the project from then on. */
export const DriveResult = z.object({
  take: z.object({ id: z.string(), name: z.string() }),
  sound: z.string().nullable(), // its id; null where the video has none
  seconds: z.number(), // of movement
  frames: z.int(), // of the video
  good: z.int(), // of these
  people: z.int(), // who were seen; the one who fills most of the video drives
  lanes: z.array(LaneName),
  keys: z.int(),
  coarser: z.number(), // how many times coarser than usual the lanes are, to be few enough keyframes
  consent: z.string(), // what was recorded of the person in the video
});
export type DriveResult = z.infer<typeof DriveResult>;

export const MotionResult = z.object({
  path: z.string(),
  frames: z.int(),
  fps: z.number(),
  xRealtime: z.number(),
  heardWith: HeardWith,
});
export const RenderResult = z.object({ dir: z.string(), frames: z.int() });
export type RenderResult = z.infer<typeof RenderResult>;
export const ExportResult = z.object({
  path: z.string(),
  frames: z.int(),
  seconds: z.number(),
  xRealtime: z.number(),
  provenance: z.string(),
  ignoredLanes: z.array(LaneName).default([]), // keyed, but not in a dub: the pose is the video's
  captions: z.string().optional(), // their file, where one was asked for
  timeline: z.string().optional(), // likewise
  heardWith: HeardWith.default({ encoder: 'embedded', notice: null }),
  credentials: Signed.default({ kind: 'unsigned', why: 'An earlier version made it.' }),
});
export type ExportResult = z.infer<typeof ExportResult>;
/** One frame of a take, as PNG. */
export const FrameResult = ExportResult.omit({ frames: true, xRealtime: true, captions: true, timeline: true }).extend({
  frame: z.int(), // of the timeline; `seconds` is where it begins
  ...size,
});
export type FrameResult = z.infer<typeof FrameResult>;
