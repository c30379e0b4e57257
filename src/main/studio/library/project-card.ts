import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { SourceInfo } from '../../../shared/contract/index.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import type { Connection } from './database.ts';
import { type Consent, Consents } from './consents.ts';
import { projectFolders, trashedFolders } from './damaged.ts';
import { Manners } from './manners.ts';
import type { LibraryPaths } from './paths.ts';
import { type Project, Projects } from './projects.ts';
import { type RunRequest, Runs } from './runs.ts';
import { FIRST_TAKE, Takes } from './takes.ts';

const WrittenConsent = z.object({
  id: z.string(),
  basis: z.enum(['self', 'permission', 'synthetic']),
  note: z.string(),
  recordedBy: z.string(),
  recordedAt: z.string(),
  /** Cards from before anything could become of a consent have none. */
  changes: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['attached', 'withdrawn', 'given']),
        at: z.string(),
        recordedBy: z.string(),
        note: z.string(),
        attachment: z.object({ name: z.string().nullable(), bytes: z.int().nullable(), sha256: z.string() }).nullable(),
      }),
    )
    .default([]),
});
const written = {
  format: z.literal('likeness.project'),
  project: z.object({
    id: z.string(),
    name: z.string(),
    createdAt: z.string(),
    sourceFile: z
      .string()
      .regex(/^source\.[^/\\]+$/)
      .nullable(),
    sourceSha256: z.string(),
    source: SourceInfo,
    consentId: z.string(),
  }),
  consent: WrittenConsent,
  runs: z.array(
    z.object({
      id: z.string(),
      number: z.int().positive(),
      request: z.looseObject({}),
      createdAt: z.string(),
      finishedAt: z.string().nullable(),
    }),
  ),
};
/** As written while a project had one take. */
const FirstCard = z
  .object({
    ...written,
    version: z.literal(1),
    take: z.object({ document: z.unknown(), revision: z.int().positive() }).nullable(),
  })
  .transform(({ take, ...card }): ProjectCard => {
    const { id, createdAt } = card.project;
    const first = { id, name: FIRST_TAKE, document: null, revision: 0, opened: 1, createdAt, deletedAt: null };
    return { ...card, version: 2, takes: [{ ...first, consent: null, ...take }], manners: [] };
  });
/** What the database knows of a project, kept in its folder: from these a library can be made again. */
const ProjectCard = z.object({
  ...written,
  version: z.literal(2),
  takes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      document: z.unknown(),
      revision: z.int().min(0),
      opened: z.int(),
      createdAt: z.string(),
      deletedAt: z.string().nullable(),
      /** Of whoever drives it. */
      consent: WrittenConsent.nullable().default(null),
    }),
  ),
  manners: z.array(z.object({ name: z.string(), document: z.unknown() })),
});
type ProjectCard = z.infer<typeof ProjectCard>;
const AnyCard = z.union([ProjectCard, FirstCard]);

/** The file's name in a project's folder. */
export const CARD = 'project.json';

/** The cards of a library, beside its database. */
export class ProjectCards {
  readonly #paths: LibraryPaths;
  readonly #projects: Projects;
  readonly #consents: Consents;
  readonly #runs: Runs;
  readonly #takes: Takes;
  readonly #manners: Manners;

  constructor(paths: LibraryPaths, db: Connection) {
    this.#paths = paths;
    this.#projects = new Projects(db);
    this.#consents = new Consents(db);
    this.#runs = new Runs(db);
    this.#takes = new Takes(db);
    this.#manners = new Manners(db);
  }

  /** Brings every project's card up to date. */
  write(): void {
    for (const project of this.#projects.list()) this.#write(project);
  }

  #write(project: Project): void {
    const card: ProjectCard = {
      format: 'likeness.project',
      version: 2,
      project,
      consent: writtenOf(this.#consents.get(project.consentId)),
      runs: this.#runs.list(project.id).map(({ id, number, request, createdAt, finishedAt }) => ({
        id,
        number,
        request: { ...request },
        createdAt,
        finishedAt,
      })),
      takes: this.#takes.all(project.id).map(({ consentId, ...take }) => ({
        ...take,
        consent: consentId === null ? null : writtenOf(this.#consents.get(consentId)),
      })),
      manners: this.#manners.list(project.id),
    };
    const file = this.#file(project.id);
    const text = `${JSON.stringify(card, null, 1)}\n`;
    if (!existsSync(dirname(file)) || textOf(file) === text) return;
    const partial = `${file}.${process.pid}.partial`;
    try {
      writeFileSync(partial, text, { flush: true });
      renameSync(partial, file);
    } finally {
      rmSync(partial, { force: true });
    }
  }

  /**
   * Takes in what folders say and the database does not: whole projects, and of others trainings, takes and newer
   * documents of takes. Answers how many projects it found; those in the trash stay there.
   */
  read(): number {
    const found = projectFolders(this.#paths).filter((id) => this.#read(id, this.#file(id))).length;
    for (const id of trashedFolders(this.#paths))
      if (this.#read(id, join(this.#paths.trashed(id), CARD))) this.#projects.markDeleted(id);
    return found;
  }

  /** Takes one card in; whether the database did not know its project. */
  #read(id: string, file: string): boolean {
    const card = cardOf(file);
    if (card?.project.id !== id) return false;
    const unknown = !this.#projects.has(id);
    this.#consents.add(card.consent); // a withdrawal outlasts a database that was put back
    if (unknown) {
      this.#projects.add({ ...card.project, consentId: card.consent.id });
    }
    for (const run of card.runs)
      this.#runs.add({ ...run, projectId: id, request: run.request as unknown as RunRequest });
    for (const { consent, ...take } of card.takes) {
      if (consent) this.#consents.add(consent);
      this.#takes.add({ ...take, projectId: id, consentId: consent?.id ?? null });
    }
    this.#takes.begin(id);
    if (unknown) for (const manner of card.manners) this.#manners.save(id, manner);
    return unknown;
  }

  #file(id: string): string {
    return join(this.#paths.project(id), CARD);
  }
}

const writtenOf = ({ changes, ...consent }: Consent): z.infer<typeof WrittenConsent> => ({
  ...consent,
  changes: [...changes],
});

/** Undefined where there is none, or none that can be read. */
function cardOf(file: string): ProjectCard | undefined {
  try {
    return AnyCard.parse(JSON.parse(textOf(file)!));
  } catch {
    return undefined;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readPlainFile(file).toString();
  } catch {
    return undefined;
  }
}
