import { cuesOf, isSubtitles, LONGEST_SCRIPT, scriptOfCues } from '../../../../shared/domain/script/index.ts';

export const SCRIPT_FILES = '.txt,.srt,.vtt,text/plain,text/vtt';
/** Bytes; of subtitles most is times. */
const MOST_BYTES = 8 * LONGEST_SCRIPT;

/** The script in a text file. Raises what a person is told. */
export async function scriptOfFile(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw refusal('This text is too long.', 'Speak it in parts.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw refusal('This file is no text.', 'Give a .txt, .srt or .vtt file in UTF-8.');
  }
  const script = isSubtitles(text) ? scriptOfCues(cuesOf(text)) : text;
  if (script.length > LONGEST_SCRIPT) throw refusal('This text is too long.', 'Speak it in parts.');
  return script;
}

const refusal = (message: string, hint: string) => ({ code: 'bad-request', message, hint }) as const;
