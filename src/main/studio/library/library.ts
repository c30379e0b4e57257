import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { type SourceInfo, StudioError } from '../../../shared/contract/index.ts';
import { asStudioError } from '../../../shared/domain/system-error.ts';
import { entriesIn } from '../ground/entries.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { type Consent, Consents } from './consents.ts';
import { keepCopy } from './copies.ts';
import { copyFolder } from './copy-folder.ts';
import { requireDatabase } from './damaged.ts';
import { type Connection, openDatabase } from './database.ts';
import { JobRecords } from './job-records.ts';
import { MIGRATIONS } from './migrations.ts';
import { Manners } from './manners.ts';
import { LibraryPaths } from './paths.ts';
import { CARD, ProjectCards } from './project-card.ts';
import { type DeletedProject, type Project, Projects } from './projects.ts';
import { Runs } from './runs.ts';
import { SettingsStore } from './settings.ts';
import { partialFolder, takeIn } from './take-in.ts';
import { Takes } from './takes.ts';
import { Unfinished } from './unfinished.ts';

const DAY_MS = 24 * 3600 * 1000;

/** One library folder: the database is the truth about projects, jobs, takes and settings. */
export class Library {
  readonly paths: LibraryPaths;
  readonly projects: Projects;
  readonly runs: Runs;
  readonly jobs: JobRecords;
  readonly takes: Takes;
  readonly manners: Manners;
  readonly settings: SettingsStore;
  readonly consents: Consents;
  /** What is being written under a passing name. */
  readonly unfinished: Unfinished;
  readonly #cards: ProjectCards;
  readonly #daily: NodeJS.Timeout;
  readonly #db: Connection;

  /** `anew`: it may lack the database that its folders speak of. Raises StudioError, DamagedLibrary among them. */
  constructor(dir: string, { anew = false }: { readonly anew?: boolean } = {}) {
    this.paths = new LibraryPaths(resolve(dir));
    if (!anew) requireDatabase(this.paths);
    this.#db = openDatabase(this.paths.database, MIGRATIONS, this.paths.backups);
    this.projects = new Projects(this.#db);
    this.runs = new Runs(this.#db);
    this.jobs = new JobRecords(this.#db);
    this.takes = new Takes(this.#db);
    this.manners = new Manners(this.#db);
    this.settings = new SettingsStore(this.#db);
    this.consents = new Consents(this.#db);
    this.unfinished = new Unfinished(this.paths.unfinished);
    this.#cards = new ProjectCards(this.paths, this.#db);
    this.#daily = setInterval(() => this.#keepCopy(), DAY_MS).unref();
    try {
      makeFolder(this.paths.projects);
    } catch (error) {
      this.close();
      throw asStudioError(error);
    }
    this.#sweep();
    if (!anew) this.#keepCopy(); // what the folders say is taken in first
  }

  /** What a damaged library is restored from; a full or write-protected disk is no reason not to open it. */
  #keepCopy(): void {
    quietly(() => keepCopy(this.#db, this.paths.backups));
    quietly(() => this.#cards.write());
  }

  /** What a crash cut short. An import that nobody wrote down may be another process at work while it is young. */
  #sweep(): void {
    quietly(() => this.unfinished.sweep());
    quietly(() => {
      for (const { path, stats } of entriesIn(this.paths.projects, (name) => name.endsWith('.partial')))
        if (stats.mtimeMs < Date.now() - DAY_MS) rmSync(path, { recursive: true, force: true });
    });
  }

  /** Copies a video in and makes a project of it. Nothing is left behind when it fails. */
  async addVideo(
    file: string,
    name: string,
    source: SourceInfo,
    consent: Pick<Consent, 'basis' | 'note' | 'recordedBy'>,
  ): Promise<Project> {
    const sourceFile = `source${extname(file).toLowerCase() || '.mp4'}`;
    return this.#add(file, sourceFile, (id, sourceSha256) => {
      const { id: consentId } = this.consents.record(consent);
      return { id, name, createdAt: new Date().toISOString(), sourceFile, sourceSha256, source, consentId };
    });
  }

  /** Copies a finished avatar in, with the consent it carries. */
  async addAvatar(
    file: string,
    name: string,
    source: SourceInfo,
    sourceSha256: string,
    consent: Consent,
  ): Promise<Project> {
    return this.#add(file, 'avatar.likeness', (id) => {
      this.consents.add(consent);
      return {
        id,
        name,
        createdAt: new Date().toISOString(),
        sourceFile: null,
        sourceSha256,
        source,
        consentId: consent.id,
      };
    });
  }

  async #add(file: string, fileName: string, describe: (id: string, sha256: string) => Project): Promise<Project> {
    const id = randomUUID();
    const folder = this.paths.project(id);
    const sha256 = await this.unfinished.during([partialFolder(folder)], () => takeIn(file, folder, fileName));
    try {
      const insert = this.#db.transaction(() => {
        const project = describe(id, sha256);
        this.projects.add(project);
        this.takes.begin(project.id);
        return project;
      });
      const project = insert.immediate();
      quietly(() => this.#cards.write());
      return project;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw asStudioError(error);
    }
  }

  /**
   * Another project with all that one has, but for its films; on the same consent. Nothing is left behind when it
   * fails.
   */
  async duplicate(project: Project, name: string): Promise<Project> {
    const id = randomUUID();
    const [from, folder] = [this.paths.project(project.id), this.paths.project(id)];
    const films = basename(this.paths.exports(id));
    await this.unfinished.during([partialFolder(folder)], () => copyFolder(from, folder, [films, CARD]));
    try {
      const insert = this.#db.transaction(() => {
        const copy = { ...project, id, name, createdAt: new Date().toISOString() };
        this.projects.add(copy);
        for (const run of this.runs.list(project.id)) this.runs.add({ ...run, id: randomUUID(), projectId: id });
        for (const take of this.takes.list(project.id))
          this.takes.add({ ...take, id: take.id === project.id ? id : randomUUID(), projectId: id });
        for (const manner of this.manners.list(project.id)) this.manners.save(id, manner);
        return copy;
      });
      const copy = insert.immediate();
      quietly(() => this.#cards.write());
      return copy;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw asStudioError(error);
    }
  }

  /** Something became of a project's consent, and of every project's that rests on the same. */
  changeConsent({ consentId }: Project, what: Parameters<Consents['change']>[1]): void {
    this.consents.change(consentId, what);
    quietly(() => this.#cards.write());
  }

  /** The source video. Raises StudioError('not-found') for a project that came as a finished avatar. */
  sourcePath(project: Project): string {
    if (project.sourceFile) return join(this.paths.project(project.id), project.sourceFile);
    throw new StudioError({
      code: 'not-found',
      message: `"${project.name}" is a finished avatar without its video.`,
      hint: 'Import the video it was made from to analyse or train it again.',
    });
  }

  /** Moves a project's folder to the trash folder of the library. */
  async trash(project: Project): Promise<void> {
    quietly(() => this.#cards.write()); // the folder tells all of it, wherever it lies
    this.projects.markDeleted(project.id);
    makeFolder(this.paths.trash);
    await moveFolder(this.paths.project(project.id), this.paths.trashed(project.id));
  }

  /** Those whose folder is still there, the last one that was removed first. */
  trashed(): DeletedProject[] {
    // One whose move a crash cut short lies where it was.
    return this.projects
      .deleted()
      .filter(({ id }) => [this.paths.trashed(id), this.paths.project(id)].some((folder) => existsSync(folder)));
  }

  /** Brings a project back from the trash folder. Raises StudioError('not-found') when it is not there. */
  async bringBack(id: string): Promise<void> {
    const project = this.trashed().find((one) => one.id === id);
    if (!project) throw notInTrash();
    await moveFolder(this.paths.trashed(id), this.paths.project(id));
    this.projects.unmarkDeleted(id);
  }

  /**
   * Deletes what lies in the trash, or of it the one project `id`, for good; answers how many projects that were.
   * Raises StudioError('not-found') for one that is not there.
   */
  async emptyTrash(id?: string): Promise<number> {
    const there = new Set(this.trashed().map((project) => project.id));
    if (id !== undefined && !there.has(id)) throw notInTrash();
    const all = this.jobs.list();
    // One whose folder somebody took away, or whose end a crash cut short, has nothing to come back with either.
    for (const project of this.projects.deleted().filter((one) => id === undefined || one.id === id)) {
      const jobs = all.filter(({ projectId }) => projectId === project.id);
      const folders = [this.paths.trashed(project.id), this.paths.project(project.id)];
      for (const folder of [...folders, ...jobs.map((job) => this.paths.job(job.id))])
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      this.projects.forget(project);
    }
    return id === undefined ? there.size : 1;
  }

  /** Takes in what the projects' folders say and the database does not; answers how many projects were found. */
  findAgain(): number {
    const read = this.#db.transaction(() => this.#cards.read());
    return read.immediate();
  }

  close(): void {
    clearInterval(this.#daily);
    if (existsSync(this.paths.database)) quietly(() => this.#cards.write()); // else it was taken away
    this.#db.close();
  }
}

const notInTrash = (): StudioError =>
  new StudioError({
    code: 'not-found',
    message: 'This project is no longer in the trash of the library.',
    hint: 'Import its video again.',
  });

async function moveFolder(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return;
    if (error.code !== 'EBUSY' && error.code !== 'EPERM') throw error;
    await cp(from, to, { recursive: true }); // Windows, while somebody has a file open
    await rm(from, { recursive: true, force: true });
  });
}

/** What is done beside the work must not end it: the next start does it again. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // A full or write-protected disk, or a lock that somebody holds.
  }
}
