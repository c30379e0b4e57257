import { basename } from 'node:path';
import type { BackgroundChoice, ConsentGiven, FileRef, Notice, SoundSource } from '../../shared/contract/studio.ts';
import { StudioError } from '../../shared/contract/index.ts';
import type { Background } from '../../shared/domain/film/index.ts';
import { jobView } from '../../shared/domain/job.ts';
import type { Studio, StudioNotice } from '../studio/studio.ts';
import { implementation } from './implementation.ts';
import { systemRoutes } from './system-router.ts';
import { consentsRoutes } from './consents-router.ts';
import { jobsRoutes } from './jobs-router.ts';
import { listsRoutes } from './lists-router.ts';
import { voicesRoutes } from './voices-router.ts';

/** How this host turns what the window dropped into a file on this computer. */
export interface FileTaking {
  /** The file of an upload. Raises StudioError('not-found'). */
  readonly file: (token: string) => string;
  /** The upload is no longer needed. */
  readonly discard: (token: string) => Promise<void>;
  /** Paths are the right of who sits at this computer; what comes over HTTP may not name files of it. */
  readonly paths: 'allowed' | 'refused';
  /** What is asked of a stated consent beyond its basis. Raises StudioError('consent-required'). */
  readonly agreed?: (consent: ConsentGiven) => void;
  /** A file of this computer became a project. */
  readonly imported?: (path: string, projectId: string) => void;
  /** Opens a folder in the system's file manager, where there is one. */
  readonly showFolder?: (folder: string) => Promise<void>;
}

/** Where a project's live picture is shown outside the studio. */
export interface OutsideAddress {
  address(projectId: string): Promise<string>;
}

/** The contract over the studio core: the same for every host. */
export function createRouter(studio: Studio, files: FileTaking, outside: OutsideAddress) {
  const pathOf = (ref: FileRef): string => {
    if (ref.kind === 'upload') return files.file(ref.token);
    if (files.paths === 'allowed') return ref.path;
    throw new StudioError({
      code: 'bad-request',
      message: 'A file on this computer cannot be named from a browser or over HTTP.',
      hint: 'Hand it over: drop it on the window, or upload it.',
    });
  };
  const soundOf = (sound: FileRef | SoundSource): SoundSource =>
    sound.kind === 'upload' || sound.kind === 'path' ? { kind: 'path', path: pathOf(sound) } : sound;
  const backgroundOf = (choice: BackgroundChoice | undefined): Background | undefined =>
    choice?.kind === 'file' ? { kind: 'file', path: pathOf(choice.file) } : choice;
  const discard = async (ref: FileRef): Promise<void> => {
    if (ref.kind === 'upload') await files.discard(ref.token);
  };
  const os = implementation(studio.log);
  return os.router({
    projects: {
      list: os.projects.list.handler(() => studio.projects.list()),
      get: os.projects.get.handler(({ input }) => studio.projects.get(input.id)),
      check: os.projects.check.handler(async ({ input: { file } }) => {
        try {
          const { picture } = await studio.projects.checkVideo(pathOf(file));
          return { picture: Buffer.from(picture).toString('base64') };
        } catch (error) {
          await discard(file);
          throw error;
        }
      }),
      leaveOut: os.projects.leaveOut.handler(async ({ input: { file } }) => {
        await discard(file);
        return {};
      }),
      import: os.projects.import.handler(async ({ input }) => {
        files.agreed?.(input.consent);
        const { projectId } = await studio.projects.importVideo({
          path: pathOf(input.file),
          name: input.name,
          consent: input.consent,
        });
        if (input.file.kind === 'path') files.imported?.(input.file.path, projectId);
        await discard(input.file);
        return { projectId };
      }),
      chooseStreams: os.projects.chooseStreams.handler(({ input: { id, ...wish } }) =>
        studio.projects.chooseStreams(id, wish),
      ),
      rename: os.projects.rename.handler(({ input }) => {
        studio.projects.rename(input.id, input.name);
        return {};
      }),
      duplicate: os.projects.duplicate.handler(({ input }) => studio.projects.duplicate(input.id)),
      trashed: os.projects.trashed.handler(() => studio.projects.trashed()),
      bringBack: os.projects.bringBack.handler(async ({ input }) => {
        await studio.projects.bringBack(input.id);
        return {};
      }),
      emptyTrash: os.projects.emptyTrash.handler(async ({ input }) => ({
        projects: await studio.projects.emptyTrash(input.id),
      })),
      remove: os.projects.remove.handler(async ({ input }) => {
        await studio.projects.remove(input.id);
        return {};
      }),
    },
    work: {
      analyze: os.work.analyze.handler(({ input: { id, person } }) => ({
        jobId: studio.training.analyze(id, { person }).id,
      })),
      train: os.work.train.handler(({ input: { id, ...request } }) => ({
        jobId: studio.training.train(id, request).id,
      })),
      keepTraining: os.work.keepTraining.handler(({ input }) => ({
        jobId: studio.training.keep(input.id, input.minutes).id,
      })),
      tryCheckpoint: os.work.tryCheckpoint.handler(async ({ input }) => ({
        jobId: (await studio.training.tryCheckpoint(input.id)).id,
      })),
      dropCheckpoint: os.work.dropCheckpoint.handler(async ({ input }) => {
        await studio.training.dropCheckpoint(input.id);
        return {};
      }),
      evaluate: os.work.evaluate.handler(({ input }) => ({
        jobId: studio.training.evaluate(input.id, { report: true }).id,
      })),
      pictures: os.work.pictures.handler(({ input }) => ({ jobId: studio.timeline.makePictures(input.id).id })),
      export: os.work.export.handler(({ input: { id, sound, background, captions, subtitles, ...film } }) => {
        const behind = backgroundOf(background);
        if (subtitles && !captions)
          throw new StudioError({
            code: 'bad-request',
            message: 'Subtitles are for captions, and none are asked for.',
            hint: 'Say how they are to be shown: captions.',
          });
        const job = studio.avatars.exportVideo(id, {
          sound: soundOf(sound),
          background: behind,
          captions: captions && { as: captions, file: subtitles ? pathOf(subtitles) : null },
          ...film,
        });
        // a failed export may be retried with them
        const files = [
          sound,
          ...(background?.kind === 'file' ? [background.file] : []),
          ...(subtitles ? [subtitles] : []),
        ];
        for (const file of files)
          if (file.kind === 'upload') void job.result.then(() => discard(file)).catch(() => undefined);
        return { jobId: job.id };
      }),
      saveFrame: os.work.saveFrame.handler(({ input: { id, seconds, background, ...how } }) => {
        const behind = backgroundOf(background);
        const { job, outPath } = studio.avatars.saveFrame(id, { at: seconds, background: behind, ...how });
        if (background?.kind === 'file') void job.result.catch(() => undefined).then(() => discard(background.file));
        return { jobId: job.id, name: basename(outPath) };
      }),
      drive: os.work.drive.handler(async ({ input: { id, file, name, consent } }) => {
        // however it ends, and where it is refused: nobody's face is kept for another try
        try {
          files.agreed?.(consent);
          const job = studio.timeline.drive(id, { path: pathOf(file), name, consent });
          void job.result.catch(() => undefined).then(() => discard(file));
          return { jobId: job.id };
        } catch (error) {
          await discard(file);
          throw error;
        }
      }),
      showExports: os.work.showExports.handler(async ({ input }) => {
        if (!files.showFolder)
          throw new StudioError({
            code: 'bad-request',
            message: 'A page in a browser cannot open a folder.',
            hint: 'Download the export instead.',
          });
        await files.showFolder(studio.avatars.exportsFolder(input.id));
        return {};
      }),
    },
    sounds: {
      add: os.sounds.add.handler(async ({ input: { id, file, name } }) => {
        const sound = await studio.timeline.addSound(id, pathOf(file), name);
        await discard(file);
        return sound;
      }),
      shape: os.sounds.shape.handler(({ input }) => studio.timeline.soundShape(input.id, input.sound)),
    },
    takes: {
      get: os.takes.get.handler(({ input }) => studio.timeline.take(input.id, input.take)),
      save: os.takes.save.handler(({ input: { id, takeId, take, revision } }) => ({
        revision: studio.timeline.saveTake(id, take, revision, takeId),
      })),
      create: os.takes.create.handler(({ input: { id, take, name } }) =>
        take === undefined ? studio.takes.create(id, name) : studio.takes.duplicate(id, take, name),
      ),
      rename: os.takes.rename.handler(({ input }) => studio.takes.rename(input.id, input.take, input.name)),
      open: os.takes.open.handler(({ input }) => studio.takes.open(input.id, input.take)),
      remove: os.takes.remove.handler(({ input }) => {
        studio.takes.remove(input.id, input.take);
        return {};
      }),
      bringBack: os.takes.bringBack.handler(({ input }) => studio.takes.bringBack(input.id, input.take)),
      saveManner: os.takes.saveManner.handler(({ input }) => {
        studio.takes.saveManner(input.id, input.name, input.manner);
        return {};
      }),
      removeManner: os.takes.removeManner.handler(({ input }) => {
        studio.takes.removeManner(input.id, input.name);
        return {};
      }),
    },
    live: {
      address: os.live.address.handler(async ({ input }) => {
        studio.avatars.requireConsent(input.id); // raises for no project too
        return { url: await outside.address(input.id) };
      }),
    },
    pictureTimes: os.pictureTimes.handler(async ({ input }) =>
      Array.from((await studio.timeline.pictures(input.id)).times),
    ),
    metrics: os.metrics.handler(({ input }) => studio.training.metrics(input.id)),
    notices: os.notices.handler(async function* ({ signal }) {
      for await (const notice of studio.notices(signal)) yield toNotice(notice);
    }),
    ...jobsRoutes(os, studio),
    ...consentsRoutes(os, studio, { pathOf, discard }),
    ...listsRoutes(os, studio, { pathOf, discard }),
    ...voicesRoutes(os, studio),
    ...systemRoutes(os, studio, { pathOf, discard, showFolder: files.showFolder }),
  });
}

function toNotice(notice: StudioNotice): Notice {
  if (notice.kind !== 'job') return notice;
  const { job, event } = notice;
  if (event.type === 'trainer' && event.event.type !== 'progress' && event.event.type !== 'stage')
    return { kind: 'trainer', jobId: job.id, projectId: job.projectId, event: event.event };
  return { kind: 'job', job: jobView(job) };
}
