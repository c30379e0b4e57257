import type { FileRef } from '../../shared/contract/studio.ts';
import { StudioError } from '../../shared/contract/index.ts';
import type { ModelView } from '../../shared/contract/system.ts';
import type { ModelStatus } from '../studio/models/index.ts';
import type { Studio } from '../studio/studio.ts';
import type { implementation } from './implementation.ts';

/** What a host can do for the settings page beyond the core. */
export interface SystemHost {
  readonly pathOf: (ref: FileRef) => string;
  readonly discard: (ref: FileRef) => Promise<void>;
  /** Opens a folder in the system's file manager; absent where there is none to open it in. */
  readonly showFolder: ((folder: string) => Promise<void>) | undefined;
}

/** Settings, health and everything else of the house around a project. */
export function systemRoutes(
  os: ReturnType<typeof implementation>,
  studio: Studio,
  { pathOf, discard, showFolder }: SystemHost,
) {
  return {
    settings: {
      get: os.settings.get.handler(() => studio.settings.get()),
      change: os.settings.change.handler(({ input }) => studio.settings.change(input)),
    },
    system: {
      about: os.system.about.handler(() => ({ ...studio.system.about(), canShowFolders: showFolder !== undefined })),
      examine: os.system.examine.handler(() => studio.system.doctor()),
      report: os.system.report.handler(async () => ({
        name: `likeness-report-${new Date().toISOString().slice(0, 10)}.txt`,
        text: await studio.system.debugReport(),
      })),
      reportFault: os.system.reportFault.handler(({ input }) => {
        studio.log.windowFault(input);
        return {};
      }),
      filmFormats: os.system.filmFormats.handler(async () => [...(await studio.system.filmFormats())]),
      verify: os.system.verify.handler(async ({ input: { file }, signal }) => {
        try {
          return await studio.system.verify(pathOf(file), signal);
        } finally {
          await discard(file);
        }
      }),
      certificate: os.system.certificate.handler(({ signal }) => studio.system.certificate({}, signal)),
      changeCertificate: os.system.changeCertificate.handler(async ({ input: { own, trust }, signal }) => {
        const given = [
          ...(typeof own === 'object' ? [own.certificate, own.key] : []),
          ...(typeof trust === 'object' ? [trust] : []),
        ];
        try {
          const pair = typeof own === 'object' ? { certificate: pathOf(own.certificate), key: pathOf(own.key) } : own;
          const vouching = typeof trust === 'object' ? pathOf(trust) : trust === 'nobody' ? null : undefined;
          return await studio.system.certificate({ own: pair, trust: vouching }, signal);
        } finally {
          for (const file of given) await discard(file);
        }
      }),
      trainer: os.system.trainer.handler(() => studio.system.trainer()),
      setUpTrainer: os.system.setUpTrainer.handler(() => ({ jobId: studio.system.setUpTrainer().id })),
      showLibrary: os.system.showLibrary.handler(async () => {
        if (!showFolder)
          throw new StudioError({
            code: 'bad-request',
            message: 'A page in a browser cannot open a folder.',
            hint: 'Open it yourself: the settings say where it is.',
          });
        await showFolder(studio.libraryDir);
        return {};
      }),
      models: os.system.models.handler(async () => (await studio.system.models()).map(modelView)),
      addModel: os.system.addModel.handler(async ({ input: { file } }) => {
        try {
          return modelView(await studio.system.addModel(pathOf(file)));
        } finally {
          await discard(file);
        }
      }),
    },
    presets: {
      times: os.presets.times.handler(() => studio.training.times()),
      encoders: os.presets.encoders.handler(() =>
        studio.system.hasHubert() ? ['embedded' as const, 'hubert' as const] : ['embedded' as const],
      ),
      measure: os.presets.measure.handler(({ input }) => ({ jobId: studio.training.measureTimes(input.id).id })),
    },
    sample: os.sample.handler(() => studio.projects.addSample()),
  };
}

function modelView({ name, purpose, licence, homepage, origin, state }: ModelStatus): ModelView {
  return { name, purpose, licence, origin, state, ...(homepage === undefined ? {} : { homepage }) };
}
