/** What each kind of job does once it is its turn. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  AblateResult,
  AnalysisReport,
  EvaluateResult,
  ExportResult,
  CheckpointResult,
  RenderResult,
  StudioError,
  TrainResult,
  type TrainerJob,
} from '../../shared/contract/index.ts';
import { Speech, Take } from '../../shared/domain/take.ts';
import { writeBrowserVisemes } from '../../research/browser-visemes.ts';
import { dropCheckpoint } from './checkpoint-avatar.ts';
import { type Installation, threadsFor, trainerCommand, versionOf } from './environment.ts';
import { conditionsNow, EstimateResult, keepTimes } from './estimate/index.ts';
import { type ExportRequest, exportVideo } from './export/index.ts';
import { type TakeToExport, withTakeMixed } from './export/of-take.ts';
import { identityOf, runTrainer, type Work, type WorkContext } from './jobs/index.ts';
import type { Library, Project } from './library/index.ts';
import type { MediaTools } from './media/index.ts';
import { listModels } from './models/index.ts';
import { makePictures, readPictures } from './pictures/index.ts';
import { requireTrainer, setUpTrainer } from './set-up/index.ts';
import type { SoundLookup } from './takes/index.ts';

/** What a job was asked to do, as the database keeps it. */
export const JobRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('analyze'), person: z.int().min(0).optional() }),
  z.object({ kind: z.literal('train') }), // everything else is in its run
  z.object({ kind: z.literal('checkpoint'), run: z.int().positive() }), // its number
  z.object({ kind: z.literal('estimate') }),
  // where the filmed mouth is to be shown beside the driven one
  z.object({ kind: z.literal('evaluate'), videoPath: z.string().optional() }),
  z.object({
    kind: z.literal('render'),
    outDir: z.string(),
    split: z.enum(['train', 'test']),
    drive: z.enum(['track', 'speech']),
    size: z.enum(['source', 'crop']),
  }),
  // hears: another project's id
  z.object({ kind: z.literal('ablate'), subject: z.literal('speech'), hears: z.string().optional() }),
  z.object({ kind: z.literal('pictures') }),
  z.object({ kind: z.literal('set-up') }), // of the trainer's environment
  z.object({
    kind: z.literal('export'),
    audioPath: z.string().optional(),
    take: Take.optional(),
    speech: Speech.optional(),
    outPath: z.string(),
    mode: z.enum(['dub', 'portrait']),
    height: z.union([z.literal('source'), z.int().positive()]),
  }), // a file's sound, or a take's
  z.object({
    kind: z.literal('demo-sample'),
    outDir: z.string(),
    seconds: z.number().positive().optional(),
    seed: z.int().optional(),
    project: z.boolean().optional(),
  }), // project: and take it in
]);
export type JobRequest = z.infer<typeof JobRequest>;

const PROGRESS_MS = 200;
/** In `resources/models.json`: the user's to add, measured beside the shipped encoder where it is there. */
const HUBERT = 'hubert-large-ll60k';

/** The file beside the avatar that keeps its newest evaluation. */
export function evaluationPath(library: Library, projectId: string): string {
  return join(library.paths.project(projectId), 'evaluation.json');
}

export function workIn(
  library: Library,
  installation: Installation,
  tools: () => Promise<MediaTools>,
  soundsOf: (project: Project) => SoundLookup,
  takeSampleIn: () => Promise<{ projectId: string }>,
): Work {
  return async (context) => {
    const request = JobRequest.parse(context.job.request);
    if (request.kind === 'set-up') return setUp(context, library, installation);
    const media = await tools();
    const base = {
      v: 1,
      ffmpeg: media.ffmpeg,
      ffprobe: media.ffprobe,
      threads: threadsFor(library.settings.get().threads),
    } as const;
    const train = async (job: TrainerJob): Promise<Record<string, unknown>> => {
      requireTrainer(installation); // a set-up that it waited for may have failed
      return supervised(context, library, installation, job, base.threads);
    };
    if (request.kind === 'demo-sample') {
      const drawn = await train({
        ...base,
        command: 'demo-sample',
        outDir: request.outDir,
        seconds: request.seconds,
        seed: request.seed,
      });
      return request.project ? { ...drawn, ...(await takeSampleIn()) } : drawn;
    }

    const project = library.projects.find(context.job.projectId!);
    const analysisDir = library.paths.analysis(project.id);
    const avatarPath = library.paths.avatar(project.id);
    if (request.kind === 'export') {
      const source = project.sourceFile ? library.sourcePath(project) : undefined;
      const { take, audioPath, speech, ...how } = request;
      const ask = { ...how, tools: media, avatarPath, analysisDir, source, threads: base.threads };
      const write = async (audio: Pick<ExportRequest, keyof TakeToExport>): Promise<Record<string, unknown>> =>
        answer(
          ExportResult,
          await exportVideo(
            { ...ask, ...audio },
            ({ stage, done, total }) => context.report(progressOf(stage, done, total, stage === 'frames' ? 1 : 0, 2)),
            context.signal,
          ),
        );
      if (!take) return write({ audioPath: audioPath!, speech });
      return withTakeMixed(
        take,
        {
          tools: media,
          sounds: soundsOf(project),
          fps: project.source.fps,
          folder: library.paths.job(context.job.id),
          signal: context.signal,
        },
        write,
      );
    }
    if (request.kind === 'ablate') {
      const outDir = library.paths.ablation(project.id);
      const hubert = (await listModels(installation.resources, library.paths.root)).find(
        ({ name, state }) => name === HUBERT && state === 'present',
      );
      const other = request.hears ? library.projects.find(request.hears) : undefined;
      const hears = other ? { hears: { name: other.name, analysisDir: library.paths.analysis(other.id) } } : {};
      const visemes = join(library.paths.job(context.job.id), 'browser-visemes.json');
      const sound = join(analysisDir, 'audio16k.wav');
      const heard = existsSync(sound) && (await writeBrowserVisemes(media, sound, visemes));
      return answer(
        AblateResult,
        await train({
          ...base,
          command: 'ablate',
          subject: request.subject,
          analysisDir,
          outDir,
          ...(hubert ? { hubert: hubert.path } : {}),
          ...(heard ? { visemes } : {}),
          ...hears,
        }),
      );
    }
    const source = library.sourcePath(project);
    switch (request.kind) {
      case 'pictures': {
        const folder = library.paths.pictures(project.id);
        const there = await readPictures(folder);
        if (there) return { frames: there.frames, bytes: there.offsets.at(-1)! };
        return makePictures(
          media,
          source,
          folder,
          throttled((done, total) => context.report(progressOf('pictures', done, total))),
          context.signal,
        );
      }
      case 'analyze':
        return answer(
          AnalysisReport,
          await train({ ...base, command: 'analyze', source, analysisDir, person: request.person }),
        );
      case 'train':
        return trainRun(context, library, project, (run) =>
          train({ ...base, ...run, command: 'train', source, analysisDir, avatarPath }),
        );
      case 'checkpoint': {
        const run = library.runs.list(project.id).find(({ number }) => number === request.run)!;
        const { id, basis, recordedAt } = library.consents.get(project.consentId);
        const order = {
          ...base,
          threads: 1,
          command: 'checkpoint',
          source,
          analysisDir,
          runDir: library.paths.run(project.id, run.number),
          avatarPath: library.paths.checkpointAvatar(project.id, run.number),
          preset: run.request.preset,
          name: project.name,
          consent: { id, basis, recordedAt },
        } as const;
        return answer(CheckpointResult, await train(order));
      }
      case 'estimate': {
        const { device } = library.settings.get();
        const times = answer(
          EstimateResult,
          await train({ ...base, command: 'estimate', source, analysisDir, device }),
        );
        await keepTimes(library.paths.root, conditionsNow(device, base.threads, versionOf(installation.root)), times);
        return times;
      }
      case 'evaluate': {
        const result = answer(
          EvaluateResult,
          await train({ ...base, command: 'evaluate', source, analysisDir, avatarPath, videoPath: request.videoPath }),
        );
        const { video: _, ...figures } = result; // a file of somebody's, which may go
        await writeFile(evaluationPath(library, project.id), JSON.stringify(figures));
        return result;
      }
      case 'render': {
        const { outDir, split, drive, size } = request;
        return answer(
          RenderResult,
          await train({ ...base, command: 'render', source, analysisDir, avatarPath, outDir, split, drive, size }),
        );
      }
    }
  };
}

type RunFields = Pick<
  Extract<TrainerJob, { command: 'train' }>,
  'runDir' | 'preset' | 'minutes' | 'device' | 'resume' | 'further' | 'seed' | 'name' | 'consent'
>;

async function trainRun(
  { job, resumed }: WorkContext,
  library: Library,
  project: Project,
  start: (fields: RunFields) => Promise<Record<string, unknown>>,
): Promise<TrainResult> {
  const run = library.runs.get(job.runId!)!;
  const { id, basis, recordedAt } = library.consents.get(project.consentId);
  const runDir = library.paths.run(project.id, run.number);
  const further = [...(run.request.further ?? [])];
  const summary = await start({
    runDir,
    ...run.request,
    further,
    resume: resumed || further.length > 0,
    name: project.name,
    consent: { id, basis, recordedAt },
  });
  const result = answer(TrainResult, { ...summary, runId: run.id });
  library.runs.finish(run.id);
  await dropCheckpoint(library, project); // its avatar is there now
  return result;
}

function supervised(
  { job, signal, report, setWorker }: WorkContext,
  library: Library,
  installation: Installation,
  order: TrainerJob,
  threads: number,
): Promise<Record<string, unknown>> {
  return runTrainer(trainerCommand(installation), order, {
    logDir: library.paths.job(job.id),
    threads,
    signal,
    onStart: setWorker,
    onEvent: (event) => report({ type: 'trainer', event }),
  });
}

function setUp(
  { job, signal, report, setWorker }: WorkContext,
  library: Library,
  installation: Installation,
): Promise<{ folder: string }> {
  return setUpTrainer(installation, {
    logDir: library.paths.job(job.id),
    signal,
    onStart: (pid) => {
      const worker = identityOf(pid);
      if (worker) setWorker(worker);
    },
    onProgress: (progress) => report({ type: 'state', state: { kind: 'running', progress } }),
  });
}

function progressOf(
  stage: string,
  done: number,
  total: number,
  stageIndex = 0,
  stageCount = 1,
): Parameters<WorkContext['report']>[0] {
  const unit = stage === 'speech' ? 'tracks' : 'frames';
  return {
    type: 'state',
    state: { kind: 'running', progress: { stage, stageIndex, stageCount, done, total, unit, etaSeconds: null } },
  };
}

/** Lets through what comes first, last, and in between a few times a second. */
function throttled(report: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    if (done < total && Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    report(done, total);
  };
}

/** A result that does not fit the contract is a bug of ours, not of what was given. */
function answer<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError({
    code: 'internal',
    message: "The job's result is not what was agreed on.",
    hint: 'Try again; if it happens again, send a debug report.',
    detail: z.prettifyError(parsed.error),
  });
}
