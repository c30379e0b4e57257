/** Scripts: text that a voice speaks, its sentences, when its words are said, and captions of them. */
export * from './script.ts';
export { type Sentence, sentencesOf } from './sentences.ts';
export { type Cue, cuesOf, isSubtitles, scriptOfCues, type SubtitleFormat, subtitles } from './subtitles.ts';
export { bilabials } from './phones.ts';
export { captionsOf, type CaptionWord, captionWords, USUAL_LINE } from './captions.ts';
export { plainScript, sayable, unreadable } from './readable.ts';
