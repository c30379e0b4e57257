import { withoutControls } from '../plain-text.ts';
import { LONGEST_SCRIPT } from './script.ts';

const TAG = /<\/?[a-zA-Z][^<>]{0,200}>/;
/** Pictures in a text, and what joins and colours them: nobody says them. */
const PICTURES = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}]|\uFE0E|\uFE0F|\u200D|\u20E3/gu;

/** A line of a subtitle file that would be read aloud: of one that is, what is said is taken alone. */
const SUBTITLE_TIMES = /^[^\S\n]*\d+:\d[\d:.,]*[^\S\n]*-->[^\S\n]*\d+:\d.*$/m;

/** A text as a script holds it: its lines end in line feeds, and nothing is in it that is no text. */
export function plainScript(text: string): string {
  return withoutControls(text.replace(/^\uFEFF/, '').replace(/\r\n?|[\f\v]/g, '\n'));
}

/** What of a script is said: pictures are spaces, so that places in it are places in the script. */
export function sayable(script: string): string {
  return script.replace(PICTURES, (one) => ' '.repeat(one.length));
}

/** Why a text cannot be spoken, and what helps; undefined when it can be. */
export function unreadable(text: string): { readonly message: string; readonly hint: string } | undefined {
  if (text.length > LONGEST_SCRIPT)
    return {
      message: `This text is too long: ${text.length.toLocaleString('en')} characters.`,
      hint: `Take it in parts of at most ${LONGEST_SCRIPT.toLocaleString('en')}.`,
    };
  if (text.includes('\0'))
    return { message: 'This is no text.', hint: 'Take the zero bytes out of it, or give a .txt, .srt or .vtt file.' };
  const tag = TAG.exec(text)?.[0];
  if (tag !== undefined)
    return {
      message: `This text has markup in it, as ${withoutControls(tag).slice(0, 40)}.`,
      hint: 'Take the tags out: words alone are read.',
    };
  const times = SUBTITLE_TIMES.exec(text)?.[0];
  if (times !== undefined)
    return {
      message: `This text has times of subtitles in it: ${withoutControls(times.trim()).slice(0, 60)}`,
      hint: 'Take them out, or give a .srt or .vtt file whose times are as 00:01:02,500 --> 00:01:04,000.',
    };
  if (/[\p{L}\p{N}]/u.test(text)) return undefined;
  return { message: 'There is nothing to say in this text.', hint: 'Write some words.' };
}
