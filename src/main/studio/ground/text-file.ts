import { open } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { decodedText } from '../../../shared/domain/plain-text.ts';

/** Bytes: more than the longest script has, so that what is too long is told in characters. */
const MOST_READ = 64e6;

/**
 * The text of a file: UTF-8, with or without its mark; UTF-16 with its mark. Raises StudioError('not-found' |
 * 'bad-request').
 */
export async function readTextFile(path: string): Promise<string> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new StudioError({ code: 'not-found', message: `There is no file ${path}.`, hint: 'Check the path.' });
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw noText('It is no file.');
    if (facts.size > MOST_READ) throw noText('It is larger than any text.');
    return decodedText(await file.readFile());
  } catch (cause) {
    throw cause instanceof TypeError ? noText(cause.message) : cause;
  } finally {
    await file.close();
  }
}

function noText(detail: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'This file is no text.',
    hint: 'Give a .txt, .srt or .vtt file in UTF-8.',
    detail,
  });
}
