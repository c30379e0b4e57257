import { InvalidArgumentError, type Command } from 'commander';
import { Speech, STRENGTH } from '../../shared/domain/take.ts';

/** What was said on the command line about how speech is to look; what was not said is left out. */
export interface SpeechOptions {
  readonly mouthStrength?: number;
  readonly temperature?: number;
  readonly style?: 'none' | NonNullable<Speech['style']>; // commander would make an empty text of null
}

/** `takes`: whether the command can say a take too, which has its own manner. */
export function addSpeechOptions(command: Command, { takes = false }: { readonly takes?: boolean } = {}): Command {
  const usual = (value: string): string =>
    takes ? `(default: the take's; ${value} for a sound)` : `(default: ${value})`;
  return command
    .option(
      '--mouth-strength <share>',
      `how far the mouth goes, from ${STRENGTH.least} to ${STRENGTH.most} ${usual(String(STRENGTH.usual))}`,
      mouthStrength,
    )
    .option(
      '--temperature <share>',
      `how far from the likeliest mouth another one may be that goes with the sound, from 0 to 1 ${usual('0')}`,
      temperature,
    )
    .option(
      '--style <number:amount>',
      `lean towards one of the person's own ways to hold their face, as "2:0.5"; ` +
        `"2" is all the way, "none" the usual face ${usual('"none"')}`,
      style,
    );
}

export function speechOf({
  mouthStrength: strength,
  temperature: drawn,
  style: chosen,
}: SpeechOptions): Partial<Speech> {
  return {
    ...(strength === undefined ? {} : { strength }),
    ...(drawn === undefined ? {} : { temperature: drawn }),
    ...(chosen === undefined ? {} : { style: chosen === 'none' ? null : chosen }),
  };
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
