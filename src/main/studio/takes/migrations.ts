import { StudioError } from '../../../shared/contract/index.ts';
import { Take } from '../../../shared/domain/take.ts';

type Document = Readonly<Record<string, unknown>>;
/** Makes a take of one version one of the next; `version` itself is raised by who calls it. */
export type Step = (document: Document) => Document;

const VERSION = Take.shape.version.value;
/**
 * By the version that each step starts from. Version 1 is the first: a change that older takes cannot be read after
 * raises `Take`'s version and adds the step that gets them there.
 */
const STEPS: ReadonlyMap<number, Step> = new Map([
  [1, (take) => ({ ...take, lanes: {} })], // nothing was keyed over time
]);

/**
 * A take as this program knows it, of one saved by this or an earlier version. Raises StudioError('bad-request'), with
 * what to do, for a later version's and for what is no take.
 */
export function readTake(document: unknown): Take {
  if (versionOf(document) > VERSION)
    throw new StudioError({
      code: 'bad-request',
      message: 'The timeline of this project was saved by a newer Likeness.',
      hint: 'Update Likeness.',
      detail: `version ${versionOf(document)}, not ${VERSION}`,
    });
  const take = Take.safeParse(migrated(document));
  if (take.success) return take.data;
  throw new StudioError({
    code: 'bad-request',
    message: 'The timeline of this project cannot be read.',
    hint: "Put back the library's newest backup, or import the video as a new project.",
    detail: take.error.message,
  });
}

/**
 * A take that somebody wrote into a file, brought to this version. Raises StudioError('bad-request'), with what is
 * wrong with it and where.
 */
export function writtenTake(document: unknown): Take {
  const take = Take.safeParse(migrated(document));
  if (take.success) return take.data;
  const { path, message } = take.error.issues[0]!;
  throw new StudioError({
    code: 'bad-request',
    message: `This is not a take${path.length > 0 ? `: ${path.join('.')}` : ''}. ${message}`,
    hint: 'Look at what "take show --json" prints.',
    detail: take.error.message,
  });
}

/** Of an earlier version: as this one writes it, as far as it can be read. */
export function migrated(document: unknown): unknown {
  return migrate(document, STEPS, VERSION);
}

/** `document` step by step until it has `version`; as far as there are steps. */
export function migrate(document: unknown, steps: ReadonlyMap<number, Step>, version: number): unknown {
  let now = document;
  for (let at = versionOf(now); at < version; at++) {
    const step = steps.get(at);
    if (!step) break;
    now = { ...step(now as Document), version: at + 1 };
  }
  return now;
}

/** NaN, which compares with nothing, for what says no version. */
function versionOf(document: unknown): number {
  const version = (document as { version?: unknown } | null)?.version;
  return typeof version === 'number' ? version : Number.NaN;
}
