import type { Command } from 'commander';
import { type Speech, STRENGTH } from '../../shared/domain/take.ts';
import { mouthStrength, style, temperature } from '../../shared/domain/written/index.ts';
import { asOption } from './arguments.ts';

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
    command.option(flags, `${does} ${instead}`, asOption(parse));
  }
  return command;
}
