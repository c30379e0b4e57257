import { cuesOf, isSubtitles, type Script, scriptOfCues } from '../script/index.ts';

/** How a script is spoken; what was not said is left out. */
export interface WrittenVoice {
  readonly voice?: string;
  readonly speed?: number;
  readonly pause?: number;
}

/** A text, or subtitles, as a script. */
export function scriptOfText(
  text: string,
  { voice, speed, pause }: WrittenVoice & { readonly voice: string },
): Pick<Script, 'text' | 'voice'> & Partial<Script> {
  return {
    text: wordsOf(text),
    voice,
    ...(speed === undefined ? {} : { speed }),
    ...(pause === undefined ? {} : { pause }),
  };
}

/** The words of a text, or of subtitles. */
export function wordsOf(text: string): string {
  return isSubtitles(text) ? scriptOfCues(cuesOf(text)) : text;
}
