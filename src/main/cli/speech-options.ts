import { InvalidArgumentError, type Command } from 'commander';
import { Speech, SPEECH_NAMES, STRENGTH } from '../../shared/domain/take.ts';

/** What was said on the command line about how speech is to look; what was not said is left out. */
export type SpeechOptions = {
  readonly [Part in keyof Speech as (typeof SPEECH_NAMES)[Part]]?: null extends Speech[Part]
    ? 'none' | NonNullable<Speech[Part]> // commander would make an empty text of null
    : Speech[Part];
};

interface SpeechOption {
  readonly flags: string;
  readonly does: string;
  readonly usual: string;
  readonly parse: (text: string) => unknown;
}
/** One option for each part of it: a part that has none does not compile. */
const OPTIONS: Readonly<Record<keyof Speech, SpeechOption>> = {
  strength: {
    flags: '--mouth-strength <share>',
    does: `how far the mouth goes, from ${STRENGTH.least} to ${STRENGTH.most}`,
    usual: String(STRENGTH.usual),
    parse: mouthStrength,
  },
  temperature: {
    flags: '--temperature <share>',
    does: 'how far from the likeliest mouth another one may be that goes with the sound, from 0 to 1',
    usual: '0',
    parse: temperature,
  },
  style: {
    flags: '--style <number:amount>',
    does:
      'lean towards one of the person\'s own ways to hold their face, as "2:0.5"; ' +
      '"2" is all the way, "none" the usual face',
    usual: '"none"',
    parse: style,
  },
};

/** `takes`: whether the command can say a take too, which has its own manner. */
export function addSpeechOptions(command: Command, { takes = false }: { readonly takes?: boolean } = {}): Command {
  for (const { flags, does, usual, parse } of Object.values(OPTIONS)) {
    const instead = takes ? `(default: the take's; ${usual} for a sound)` : `(default: ${usual})`;
    command.option(flags, `${does} ${instead}`, parse);
  }
  return command;
}

export function speechOf(options: SpeechOptions): Partial<Speech> {
  const parts = (Object.keys(SPEECH_NAMES) as (keyof Speech)[]).map((part) => [part, options[SPEECH_NAMES[part]]]);
  return Object.fromEntries(
    parts.filter(([, value]) => value !== undefined).map(([part, value]) => [part, value === 'none' ? null : value]),
  );
}

export function mouthStrength(text: string): number {
  const parsed = Speech.shape.strength.safeParse(text.trim() === '' ? undefined : Number(text));
  if (text.trim() === '' || !parsed.success)
    throw new InvalidArgumentError(`It must be a number from ${STRENGTH.least} to ${STRENGTH.most}.`);
  return parsed.data;
}

export function temperature(text: string): number {
  const parsed = Speech.shape.temperature.safeParse(text.trim() === '' ? null : Number(text));
  if (!parsed.success) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return parsed.data;
}

export function style(text: string): SpeechOptions['style'] {
  if (text === 'none') return text;
  const [, entry, amount = '1'] = /^(\d)(?::(\d*\.?\d+))?$/.exec(text) ?? [];
  const parsed = Speech.shape.style
    .unwrap()
    .unwrap()
    .safeParse({ entry: Number(entry), amount: Number(amount) });
  if (!parsed.success)
    throw new InvalidArgumentError('It must be "none", or a number and how far to go, from 0 to 1, as "2:0.5".');
  return parsed.data;
}
