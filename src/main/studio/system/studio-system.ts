import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { DoctorResult } from '../../../shared/contract/index.ts';
import type { CertificateInUse } from '../../../shared/contract/credentials.ts';
import type { About, TrainerState } from '../../../shared/contract/system.ts';
import type { VerifyResult } from '../../../shared/contract/verify.ts';
import type { FilmFormat } from '../../../shared/domain/film/index.ts';
import {
  type CertificateChange,
  certificateInUse,
  type CredentialsPlace,
  readCredentials,
} from '../credentials/index.ts';
import type { Base } from '../ground/base.ts';
import type { JobHandle } from '../jobs/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { Settings } from '../library/index.ts';
import { writableFormats } from '../media/index.ts';
import { addModel, hasHubert, hubertOf, listModels, type Making, type ModelStatus } from '../models/index.ts';
import { trainerState } from '../set-up/index.ts';
import { verifyFile } from '../verify/index.ts';
import { ownVoices, takeVoice } from '../voices/index.ts';
import { about } from './about.ts';
import { debugReport } from './debug-report.ts';
import { examine } from './doctor.ts';
import { networksOf } from './environment.ts';

/** What holds for every window on a library. */
export class StudioSettings {
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  get(): Settings {
    return this.#base.library.settings.get();
  }

  /** Raises StudioError('bad-request') for a value that does not fit. */
  change(change: Partial<Settings>): Settings {
    const settings = this.#base.library.settings.set(change);
    this.#base.notify({ kind: 'settings' });
    return settings;
  }
}

/** Waits for a job, and shows it meanwhile. */
export type Follow = <Result>(job: JobHandle<Result>) => Promise<Result>;

/** This program on this computer: what it is, whether it is well, and what it was given. */
export class StudioSystem {
  readonly #base: Base;
  readonly #jobs: StudioJobs;

  constructor(base: Base, jobs: StudioJobs) {
    this.#base = base;
    this.#jobs = jobs;
  }

  about(): Omit<About, 'canShowFolders'> {
    return about(this.#base.installation, this.#base.library.paths.root);
  }

  doctor(): Promise<DoctorResult> {
    const { installation, library, tools } = this.#base;
    return examine(installation, library.paths.root, tools, networksOf(library));
  }

  /** What films can be written as. Raises StudioError('missing-tool') without an ffmpeg. */
  async filmFormats(): Promise<readonly FilmFormat[]> {
    return writableFormats(await this.#base.tools());
  }

  /** What can be found out about a file. Raises as `verifyFile`, and StudioError('missing-tool'). */
  async verify(file: string, signal?: AbortSignal): Promise<VerifyResult> {
    const place = await this.#credentialsPlace();
    return verifyFile(place.tools, file, (path, stop) => readCredentials(place, path, stop), signal);
  }

  /** Who signs exports, from now on with what is given. Raises as `certificateInUse`. */
  async certificate(change: CertificateChange, signal?: AbortSignal): Promise<CertificateInUse> {
    return certificateInUse(await this.#credentialsPlace(), change, signal);
  }

  async #credentialsPlace(): Promise<CredentialsPlace> {
    const { library, installation } = this.#base;
    return { installation, tools: await this.#base.tools(), folder: library.paths.credentials };
  }

  /** For somebody who is to find a fault: no footage, no sound, no names. */
  async debugReport(): Promise<string> {
    const { library, installation, log } = this.#base;
    return debugReport(library, installation, await this.doctor(), log);
  }

  /**
   * A folder for what windows drop here, of this run's own: nobody else on this computer can look into it, and the next
   * start removes it should this one be killed. It is made when something comes; `forget` it once it is gone.
   */
  uploadFolder(): { readonly path: string; readonly forget: () => void } {
    const { unfinished, paths } = this.#base.library;
    const path = join(paths.uploads, `${randomUUID()}.partial`);
    return { path, forget: unfinished.remember([path]) };
  }

  async models(): Promise<ModelStatus[]> {
    const { installation, library } = this.#base;
    return [
      ...(await listModels(installation.resources, library.paths.root)),
      ...(await ownVoices(library.paths.voices)),
    ];
  }

  /**
   * Takes a model in, or a voice of somebody's own. Of a face model, and of HuBERT, the trainer makes what is used of
   * it, in a job that `follow` waits for; HuBERT is taken in without a trainer too, and made ready by the first
   * training with it. Raises StudioError('not-found' | 'bad-request' | 'disk-full' | 'missing-tool').
   */
  addModel(file: string, follow: Follow = ({ result }) => result): Promise<ModelStatus> {
    const { installation, library } = this.#base;
    const making: Making = {
      faceBasis: async (path) => (await follow(this.#jobs.add('face-basis', null, { file: path }))).model,
      hubertGraphs: async () => {
        if (trainerState(installation).kind === 'ready') await follow(this.#jobs.add('hubert-graphs', null, {}));
      },
    };
    const voice = (path: string): Promise<ModelStatus | undefined> => takeVoice(path, library.paths.voices);
    return addModel(resolve(file), installation.resources, library.paths.root, making, voice);
  }

  /** Whether the weights of HuBERT are in the library. */
  hasHubert(): boolean {
    return hasHubert(hubertOf(this.#base.installation.resources, this.#base.library.paths.root));
  }

  trainer(): TrainerState {
    return trainerState(this.#base.installation);
  }

  /** Makes the trainer's environment; the job that does, if there is one. What is asked of the trainer waits for it. */
  setUpTrainer(): Pick<JobHandle, 'id'> {
    return this.#jobs.unfinished({ kind: 'set-up' })[0] ?? this.#jobs.add('set-up', null, {});
  }
}
