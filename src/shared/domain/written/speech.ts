import { Speech, SPEECH_NAMES, STRENGTH } from '../speech.ts';
import { Unfit } from './values.ts';

/** What was said about how speech is to look; what was not said is left out. */
export type WrittenSpeech = {
  readonly [Part in keyof Speech as (typeof SPEECH_NAMES)[Part]]?: null extends Speech[Part]
    ? 'none' | NonNullable<Speech[Part]> // commander would make an empty text of null
    : Speech[Part];
};

export function speechOf(written: WrittenSpeech): Partial<Speech> {
  const parts = (Object.keys(SPEECH_NAMES) as (keyof Speech)[]).map((part) => [part, written[SPEECH_NAMES[part]]]);
  return Object.fromEntries(
    parts.filter(([, value]) => value !== undefined).map(([part, value]) => [part, value === 'none' ? null : value]),
  );
}

/** Raises Unfit, as the others do. */
export function mouthStrength(text: string): number {
  const parsed = Speech.shape.strength.safeParse(text.trim() === '' ? undefined : Number(text));
  if (text.trim() === '' || !parsed.success)
    throw new Unfit(`It must be a number from ${STRENGTH.least} to ${STRENGTH.most}.`);
  return parsed.data;
}

export function temperature(text: string): number {
  const parsed = Speech.shape.temperature.safeParse(text.trim() === '' ? null : Number(text));
  if (!parsed.success) throw new Unfit('It must be a number from 0 to 1.');
  return parsed.data;
}

export function style(text: string): WrittenSpeech['style'] {
  if (text === 'none') return text;
  const [, entry, amount = '1'] = /^(\d)(?::(\d*\.?\d+))?$/.exec(text) ?? [];
  const parsed = Speech.shape.style
    .unwrap()
    .unwrap()
    .safeParse({ entry: Number(entry), amount: Number(amount) });
  if (!parsed.success) throw new Unfit('It must be "none", or a number and how far to go, from 0 to 1, as "2:0.5".');
  return parsed.data;
}
