import { USUAL_LANGUAGE } from '../../../../shared/domain/script/index.ts';
import { Store } from '../../../ground/store.ts';

/** What somebody writes of a recording, until its words are found. */
export interface GivenText {
  readonly text: string;
  readonly language: string;
}
export const NO_TEXT: GivenText = { text: '', language: USUAL_LANGUAGE };

/** By project and sound; the window keeps them from step to step. */
export const givenTexts = new Store<Readonly<Record<string, GivenText>>>({});

export function setGivenText(key: string, given: GivenText): void {
  givenTexts.set({ ...givenTexts.get(), [key]: given });
}

/** Those that the window offers, of the hundred that espeak reads: languages that put spaces between words. */
export const LANGUAGES = [
  'en-us',
  'ar',
  'cs',
  'da',
  'de',
  'el',
  'es',
  'fi',
  'fr',
  'he',
  'hi',
  'hu',
  'it',
  'nb',
  'nl',
  'pl',
  'pt',
  'pt-br',
  'ro',
  'ru',
  'sv',
  'tr',
  'uk',
] as const;
