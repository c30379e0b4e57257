import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AnalysisReport, EvaluateResult } from '../../../shared/contract/index.ts';
import type { ProjectDetail, ProjectSummary } from '../../../shared/contract/studio.ts';
import { isOlderAnalysis } from '../../../shared/domain/analysis.ts';
import { endingOf, EXPORT_ENDINGS } from '../../../shared/domain/film/index.ts';
import { openBundle } from '../engine/index.ts';
import { entriesIn } from '../ground/entries.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import { checkpointOf } from '../training/checkpoint-avatar.ts';
import { type Library, type Project, withdrawnAt } from '../library/index.ts';
import { arePicturesMade, readPictures } from '../pictures/index.ts';

export function projectSummary(library: Library, project: Project): ProjectSummary {
  const { id, name, createdAt, source, sourceFile, consentId } = project;
  const { consents, paths } = library;
  const analysed = existsSync(paths.track(id));
  return {
    id,
    name,
    createdAt,
    source,
    hasVideo: sourceFile !== null,
    analysed,
    analysisOlder: analysed && isOlderAnalysis(reportOf(library, id) ?? { tracker: 0 }),
    trained: existsSync(paths.avatar(id)),
    withdrawn: withdrawnAt(consents.get(consentId)) !== null,
    thumbnail: arePicturesMade(paths.pictures(id)),
  };
}

export async function projectDetail(
  library: Library,
  project: Project,
  held: Pick<ProjectDetail, 'sounds' | 'takes' | 'removedTakes' | 'manners'>,
): Promise<ProjectDetail> {
  const proofs = proofsOf(library, project);
  return {
    ...projectSummary(library, project),
    report: reportOf(library, project.id),
    quality: await qualityOf(library, project),
    evaluation: evaluationOf(library, project),
    proof: proofs.at(-1) ?? null,
    proofs,
    checkpoint: await checkpointOf(library, project),
    pictures: await picturesOf(library, project),
    ...held,
    exports: exportsOf(library.paths.exports(project.id)),
  };
}

/** Null before the video was analysed, and for a report that cannot be read. */
function reportOf({ paths }: Library, id: string): AnalysisReport | null {
  return AnalysisReport.safeParse(readJson(join(paths.analysis(id), 'report.json'))).data ?? null;
}

async function picturesOf({ paths }: Library, { id }: Project): Promise<ProjectDetail['pictures']> {
  const pictures = await readPictures(paths.pictures(id));
  if (!pictures) return null;
  const { frames, width, height, version } = pictures;
  return { frames, width, height, version };
}

/** What the trainer writes into an evaluation's folder, of it what a window shows. */
const EVALUATION_PAGE = 'report.html';
const EVALUATION_FILM = 'film.mp4';
export const EVALUATION_FILES: ReadonlyMap<string, string> = new Map([
  [EVALUATION_PAGE, 'text/html; charset=utf-8'],
  [EVALUATION_FILM, 'video/mp4'],
]);

/** Page and film of an evaluation of the current avatar. */
function evaluationOf({ paths }: Library, { id }: Project): ProjectDetail['evaluation'] {
  const folder = paths.evaluationReport(id);
  const avatar = paths.avatar(id);
  const film = join(folder, EVALUATION_FILM); // the page, which tells of it, is written last
  const [ofAvatar, ofFilm, ofPage] = [avatar, film, join(folder, EVALUATION_PAGE)].map(writtenAt);
  if (ofAvatar === undefined || ofFilm === undefined || ofPage === undefined || ofFilm < ofAvatar) return null;
  return { page: EVALUATION_PAGE, film: EVALUATION_FILM, version: String(Math.round(ofFilm)) };
}

/** The newest evaluation of the current avatar, else the one that came in it. */
async function qualityOf(library: Library, { id }: Project): Promise<EvaluateResult | null> {
  const avatar = library.paths.avatar(id);
  const mtimeMs = writtenAt(avatar);
  if (mtimeMs === undefined) return null;
  const evaluation = library.paths.evaluation(id);
  if ((writtenAt(evaluation) ?? -1) >= mtimeMs) return EvaluateResult.safeParse(readJson(evaluation)).data ?? null;
  const known = bundled.get(avatar);
  if (known?.mtimeMs === mtimeMs) return known.quality;
  const quality = await qualityInside(avatar);
  bundled.set(avatar, { mtimeMs, quality });
  return quality;
}

/** When a file was last written; another process may take it away at any moment. */
function writtenAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** What was read from an avatar before: opening one checks every hash, which is too slow for each look at a project. */
const bundled = new Map<string, { readonly mtimeMs: number; readonly quality: EvaluateResult | null }>();

async function qualityInside(avatar: string): Promise<EvaluateResult | null> {
  try {
    const { files } = await openBundle(avatar);
    return EvaluateResult.safeParse(JSON.parse(new TextDecoder().decode(files.get('report.json')))).data ?? null;
  } catch {
    return null; // a damaged avatar says so when it is opened
  }
}

/** A training's picture of held-out frames; earlier versions called them `preview-…`. */
function isProof(name: string): boolean {
  return /^(?:proof|preview)-\d+\.jpg$/.test(name);
}

/**
 * Which file of which run a window means by "2.proof-000400.jpg": one whose newest run is another by now means the
 * same picture still.
 */
export function proofNamed(name: string): { readonly run: number; readonly file: string } | undefined {
  const [, run, file] = /^(\d{1,9})\.(.+)$/.exec(name) ?? [];
  return file !== undefined && isProof(file) ? { run: Number(run), file } : undefined;
}

const stepOf = (proof: string): number => Number(/\d+/.exec(proof)![0]);

/** The proofs of the newest training, oldest first: held-out frames, the truth beside the avatar so far. */
function proofsOf({ runs, paths }: Library, { id }: Project): string[] {
  const run = runs.list(id)[0];
  const folder = run && paths.run(id, run.number);
  if (!folder || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(isProof)
    .sort((a, b) => stepOf(a) - stepOf(b))
    .map((file) => `${run.number}.${file}`);
}

function exportsOf(folder: string): ProjectDetail['exports'] {
  if (!existsSync(folder)) return [];
  return entriesIn(folder, (name) => EXPORT_ENDINGS.includes(endingOf(name)) && !name.startsWith('.'))
    .sort((a, b) => b.stats.mtimeMs - a.stats.mtimeMs)
    .map(({ name, stats }) => ({ name, bytes: stats.size, createdAt: stats.mtime.toISOString() }));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readPlainFile(path).toString());
  } catch {
    return undefined; // not there, or a crash cut it short
  }
}
