import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FilmFormat } from '../domain/film/index.ts';
import { ExportNameRule, USUAL_EXPORT_NAME } from '../domain/export-name.ts';
import { WindowFault } from './fault.ts';
import { ProviderChoice } from './providers.ts';
import { CertificateInUse, CertificateWish } from './credentials.ts';
import { FileRef, ProjectId } from './refs.ts';
import { DoctorResult } from './doctor.ts';
import { FaceBasis } from './results.ts';
import { VerifyResult } from './verify.ts';
import { Device, Preset, SpeechEncoder } from './trainer.ts';

/** What holds for every window on a library. */
export const Settings = z.object({
  device: Device.default('auto'), // where training runs unless the job says otherwise
  threads: z.int().min(1).max(64).nullable().default(null), // processor threads of a job; null: as many as there are
  provider: ProviderChoice.default('auto'), // what the networks of avatars that play run on
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  faceBasis: FaceBasis.default('generic'), // what analyses know of people's faces
  exportName: ExportNameRule.default(USUAL_EXPORT_NAME), // the rule that names exports
  credentials: z.boolean().default(true), // whether exports are signed with Content Credentials
  /** A person's own keys, by the name of the action; an empty list takes the usual ones away. */
  shortcuts: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9.-]{0,60}$/), z.array(z.string().min(1).max(40)).max(8))
    .default({}),
  /** Jobs that ended before this moment were cleared from the list of past jobs. */
  jobsClearedAt: z.iso.datetime().nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;

/** What this program is, and where; quick to ask. */
export const About = z.object({
  version: z.string(),
  libraryDir: z.string(),
  threads: z.int(), // that a job gets when the settings name no number
  canShowFolders: z.boolean(),
  licence: z.string(), // of this program, as text
  notices: z.string(), // of what it is made with, as text
});
export type About = z.infer<typeof About>;

/** The trainer's Python environment, which analysis and training need; playing and exporting do not. */
export const TrainerState = z.object({
  /** `outdated`: complete once, for an earlier version of the trainer. */
  kind: z.enum(['ready', 'absent', 'outdated']),
  downloadBytes: z.number(), // at most, of a set-up from nothing
  diskBytes: z.number(),
  folder: z.string(),
});
export type TrainerState = z.infer<typeof TrainerState>;

export const ModelView = z.object({
  name: z.string(),
  purpose: z.string(),
  licence: z.string(),
  homepage: z.string().optional(),
  origin: z.enum(['shipped', 'user']),
  state: z.enum(['present', 'absent', 'damaged']),
});
export type ModelView = z.infer<typeof ModelView>;

/** How long each preset takes, from seconds a step measured here with the settings as they are now. */
export const TrainingTimes = z.object({
  measured: z
    .object({
      at: z.string(),
      device: z.string(),
      threads: z.int(),
      secondsByPreset: z.partialRecord(Preset, z.number()),
    })
    .nullable(),
});
export type TrainingTimes = z.infer<typeof TrainingTimes>;

/** One part of a debug report: what it is about, and its text. */
export const DebugReport = z.object({ name: z.string(), text: z.string() });
export type DebugReport = z.infer<typeof DebugReport>;

const started = z.object({ jobId: z.string() });

export const systemContract = {
  settings: {
    get: oc.output(Settings),
    change: oc
      .input(
        z
          .object({
            device: Device,
            threads: Settings.shape.threads.unwrap(),
            provider: ProviderChoice,
            theme: Settings.shape.theme.unwrap(),
            faceBasis: FaceBasis,
            exportName: ExportNameRule,
            credentials: Settings.shape.credentials.unwrap(),
            shortcuts: Settings.shape.shortcuts.unwrap(),
            jobsClearedAt: Settings.shape.jobsClearedAt.unwrap(),
          })
          .partial(),
      )
      .output(Settings),
  },
  system: {
    about: oc.output(About),
    /** Everything the program needs, looked at; takes a few seconds. */
    examine: oc.output(DoctorResult),
    /**
     * Versions, what `examine` found and the newest jobs' logs: no footage, no sound, no names, paths cut to their last
     * part.
     */
    report: oc.output(DebugReport),
    /** A window's own fault, for the log; the core keeps a limited number a minute and counts the rest. */
    reportFault: oc.input(WindowFault).output(z.object({})),
    /** What films can be written as here: it is tried. */
    filmFormats: oc.output(z.array(FilmFormat)),
    /** Whether a film or picture was made with this program, and how sure that is. Raises 'bad-request'. */
    verify: oc.input(z.object({ file: FileRef })).output(VerifyResult),
    /** Who signs exports; a local certificate is made where there is none. Raises 'missing-tool' without a trainer. */
    certificate: oc.output(CertificateInUse),
    /** Raises 'bad-request' (what is wrong with it) and 'missing-tool'; what was there then stays. */
    changeCertificate: oc.input(CertificateWish).output(CertificateInUse),
    trainer: oc.output(TrainerState),
    /** Makes the trainer's environment, or brings it up to date; the job that does, if there is one already. */
    setUpTrainer: oc.output(started),
    /** Opens the library's folder in the system's file manager; raises 'bad-request' where the host cannot. */
    showLibrary: oc.output(z.object({})),
    models: oc.output(z.array(ModelView)),
    /** Takes a file in; one that is to be converted first is, as a job, before this answers. */
    addModel: oc.input(z.object({ file: FileRef })).output(ModelView),
  },
  presets: {
    times: oc.output(TrainingTimes),
    /** What can hear the speech of a training: HuBERT where its weights are here. */
    encoders: oc.output(z.array(SpeechEncoder)),
    /** Times some steps of each stage on this project's face. Raises 'busy' while anything else runs or waits. */
    measure: oc.input(z.object({ id: ProjectId })).output(started),
  },
  /** The synthetic person as a project: drawn first, the first time. `jobId` is null when it was there already. */
  sample: oc.output(z.object({ jobId: z.string().nullable(), projectId: z.string().nullable() })),
};
