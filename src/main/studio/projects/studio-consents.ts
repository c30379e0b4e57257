import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { type ConsentView, SamePersonResult } from '../../../shared/contract/consents.ts';
import { LARGEST_ATTACHMENT, LONGEST_FILE_NAME } from '../../../shared/domain/consent.ts';
import { withoutControls } from '../../../shared/domain/plain-text.ts';
import type { Base } from '../ground/base.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { asFileError, copyWhole } from '../ground/settle.ts';
import { KINDS } from '../kinds/index.ts';
import type { StudioJobs } from '../kinds/studio-jobs.ts';
import type { JobHandle } from '../jobs/index.ts';
import { attachmentOf, type Project, sha256Of, withdrawnAt } from '../library/index.ts';

/** The consent that a project rests on: shown, proved by a file, withdrawn and given again. */
export class StudioConsents {
  readonly #base: Base;
  readonly #jobs: StudioJobs;

  constructor(base: Base, jobs: StudioJobs) {
    this.#base = base;
    this.#jobs = jobs;
  }

  /** Raises StudioError('not-found' | 'ambiguous'), as everything here does. */
  show(idOrName: string): ConsentView {
    return this.#view(this.#base.library.projects.find(idOrName));
  }

  /**
   * Keeps a copy of a file that shows the consent, in the place of one that was attached before; that one stays in the
   * project's folder. `name`: what it is called. Raises StudioError('bad-request') for what is no file, empty or larger
   * than `LARGEST_ATTACHMENT`, and 'disk-full'.
   */
  async attach(idOrName: string, file: string, name = basename(file)): Promise<ConsentView> {
    const { library } = this.#base;
    const project = library.projects.find(idOrName);
    const bytes = await sizeOf(resolve(file));
    const folder = library.paths.consent(project.id);
    const coming = join(folder, `${randomUUID()}.partial`);
    const sha256 = await library.unfinished.during([coming], async () => {
      try {
        makeFolder(folder);
        await copyWhole(resolve(file), coming);
        const hash = await sha256Of(coming);
        await rename(coming, join(folder, `${hash}${endingOf(name)}`));
        return hash;
      } catch (error) {
        await rm(coming, { force: true });
        throw asFileError(error);
      }
    });
    // Each project on this consent has it, and keeps it when another is removed.
    const kept = `${sha256}${endingOf(name)}`;
    for (const other of this.#onTheSame(project))
      if (other.id !== project.id) await copyWhole(join(folder, kept), join(library.paths.consent(other.id), kept));
    const attachment = { name: plainName(name), bytes, sha256 };
    return this.#change(project, { kind: 'attached', note: '', attachment });
  }

  /**
   * From now on nothing is made of the person or shown of their avatar, in this project and in those duplicated from
   * it; what is being made is stopped. Nothing is deleted.
   */
  withdraw(idOrName: string, note = ''): ConsentView {
    const project = this.#base.library.projects.find(idOrName);
    if (this.#withdrawn(project)) return this.#view(project);
    const view = this.#change(project, { kind: 'withdrawn', note, attachment: null });
    for (const one of this.#onTheSame(project))
      for (const { id, kind } of this.#jobs.unfinished({ project: one }))
        if (kind !== 'unknown' && needsConsent(kind)) this.#jobs.cancel(id);
    return view;
  }

  /** Gives a consent again that was withdrawn. */
  give(idOrName: string, note = ''): ConsentView {
    const project = this.#base.library.projects.find(idOrName);
    if (!this.#withdrawn(project)) return this.#view(project);
    return this.#change(project, { kind: 'given', note, attachment: null });
  }

  /**
   * Compares the face in the attached recording, or in `video`, with the one that the avatar is made of. It says what a
   * network makes of it, and changes nothing. Raises StudioError('not-found') where nothing is attached that is here.
   */
  compare(idOrName: string, video?: string): JobHandle<SamePersonResult> {
    const project = this.#base.library.projects.find(idOrName);
    const path = video === undefined ? this.#attached(project) : resolve(video);
    if (path !== null && existsSync(path)) return this.#jobs.add('same-person', project, { path });
    throw new StudioError({
      code: 'not-found',
      message: video === undefined ? 'No recording is attached to this consent.' : 'This file is not there.',
      hint: 'Attach a video in which the person says that they agree, with their face to be seen.',
    });
  }

  /** What the newest comparison with that file found. */
  #compared({ id }: Project, path: string): SamePersonResult | null {
    const done = this.#base.library.jobs
      .list()
      .find(
        ({ kind, projectId, state, request }) =>
          kind === 'same-person' && projectId === id && state.kind === 'done' && pathIn(request) === path,
      );
    const found = done?.state.kind === 'done' ? SamePersonResult.safeParse(done.state.result) : null;
    return found?.success === true ? found.data : null;
  }

  #attached(project: Project): string | null {
    const { consents, paths } = this.#base.library;
    const attachment = attachmentOf(consents.get(project.consentId));
    return attachment && join(paths.consent(project.id), `${attachment.sha256}${endingOf(attachment.name ?? '')}`);
  }

  #change(project: Project, what: Omit<Parameters<Base['library']['changeConsent']>[1], 'recordedBy'>): ConsentView {
    this.#base.library.changeConsent(project, { ...what, recordedBy: userInfo().username });
    this.#base.notify({ kind: 'projects' });
    return this.#view(project);
  }

  #withdrawn({ consentId }: Project): boolean {
    return withdrawnAt(this.#base.library.consents.get(consentId)) !== null;
  }

  #onTheSame({ consentId }: Project): Project[] {
    return this.#base.library.projects.list().filter((one) => one.consentId === consentId);
  }

  #view(project: Project): ConsentView {
    const { id: _, ...consent } = this.#base.library.consents.get(project.consentId);
    const attachment = attachmentOf(consent);
    const path = this.#attached(project);
    return {
      ...consent,
      changes: consent.changes.map(({ kind, at, recordedBy, note }) => ({ kind, at, recordedBy, note })),
      withdrawnAt: withdrawnAt(consent),
      attachment: attachment && { ...attachment, here: path !== null && existsSync(path) },
      compared: path === null ? null : this.#compared(project, path),
      projects: this.#onTheSame(project).map(({ name }) => name),
    };
  }
}

/** Of a job as the library keeps it. */
const pathIn = (request: unknown): string | undefined => KINDS['same-person'].request.safeParse(request).data?.path;

const needsConsent = (kind: keyof typeof KINDS): boolean => KINDS[kind].needs.some((need) => need === 'consent');

/** Bytes. Raises StudioError('not-found' | 'bad-request'). */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error) => {
    throw asFileError(error);
  });
  if (!found.isFile()) throw refused('This is not a file.', 'Attach a letter, a picture or a recording.');
  if (found.size === 0) throw refused('This file is empty.', 'Attach a letter, a picture or a recording.');
  if (found.size > LARGEST_ATTACHMENT)
    throw refused(
      `This file is too large: a consent keeps at most ${LARGEST_ATTACHMENT / 2 ** 20} MB.`,
      'Attach a shorter recording.',
    );
  return found.size;
}

const refused = (message: string, hint: string): StudioError => new StudioError({ code: 'bad-request', message, hint });

const plainName = (name: string): string => withoutControls(basename(name)).trim().slice(0, LONGEST_FILE_NAME);

/** The ending by which other programs know what it is, where it is a plain one. */
function endingOf(name: string): string {
  const ending = extname(plainName(name)).toLowerCase();
  return /^\.[a-z0-9]{1,10}$/.test(ending) ? ending : '';
}
