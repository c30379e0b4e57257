import { statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { requireReplaceable } from '../ground/settle.ts';
import { partialsOf } from './partials.ts';

/** A file with the film's name and another ending, such as ".srt". */
export function besideFilm(film: string, ending: string): string {
  return join(dirname(film), `${basename(film, extname(film))}${ending}`);
}

/** Bytes of a name that every system allows. */
const LONGEST_NAME = 255;

/**
 * Raises StudioError('bad-request') where files cannot be written: they would take the place of what is read for them
 * or is no file, or what lies beside them meanwhile would have too long a name, which would only be known at the end.
 */
export function requirePlace(written: readonly string[], read: readonly string[]): void {
  written.forEach(requireReplaceable);
  const inputs = new Set(read.flatMap(identityOf));
  const taken = written.find((path) => identityOf(path).some((identity) => inputs.has(identity)));
  if (taken !== undefined)
    throw new StudioError({
      code: 'bad-request',
      message: `${basename(taken)} is read for this and cannot be written too.`,
      hint: 'Choose another name.',
    });
  const names = written.flatMap(partialsOf).map((path) => basename(path));
  if (names.every((name) => Buffer.byteLength(name) <= LONGEST_NAME)) return;
  throw new StudioError({
    code: 'bad-request',
    message: 'The name of the file is too long.',
    hint: 'Choose a shorter one: a record is written beside it under that name.',
  });
}

/** The same of every path to a file; empty where there is none. */
function identityOf(path: string): string[] {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts ? [`${facts.dev} ${facts.ino}`] : [];
}
