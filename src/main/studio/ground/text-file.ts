import { readFile } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { decodedText } from '../../../shared/domain/plain-text.ts';
import { requireFile } from './require-file.ts';

/** Bytes: more than the longest script has, so that what is too long is told in characters. */
const MOST_READ = 64e6;

/**
 * The text of a file: UTF-8, with or without its mark; UTF-16 with its mark. Raises StudioError('not-found' |
 * 'bad-request').
 */
export async function readTextFile(path: string): Promise<string> {
  if ((await requireFile(path)).size > MOST_READ) throw noText('It is larger than any text.');
  try {
    return decodedText(await readFile(path));
  } catch (cause) {
    throw cause instanceof TypeError ? noText(cause.message) : cause;
  }
}

function noText(detail: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'This file is no text.',
    hint: 'Give a text file in UTF-8.',
    detail,
  });
}
