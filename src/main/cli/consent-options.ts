import { type Command, Option } from 'commander';
import { StudioError } from '../../shared/contract/index.ts';
import { CONSENT_MEANINGS } from '../../shared/domain/consent.ts';

type Basis = keyof typeof CONSENT_MEANINGS;

const MEANINGS = Object.entries(CONSENT_MEANINGS)
  .map(([basis, meaning]) => `${basis}: ${meaning}`)
  .join(' ');

export interface ConsentOptions {
  readonly consent?: Basis;
  readonly note: string;
}

/** On what basis the person in a video may be used. */
export function addConsentOptions(command: Command, why: string): Command {
  return command
    .addOption(new Option('--consent <basis>', `${why}. ${MEANINGS}`).choices(Object.keys(CONSENT_MEANINGS)))
    .option('--note <text>', 'what to keep with the consent, such as who agreed and when', '');
}

/** Raises StudioError('consent-required'). */
export function consentOf(
  { consent, note }: ConsentOptions,
  what: string,
): { readonly basis: Basis; readonly note: string } {
  if (consent) return { basis: consent, note };
  throw new StudioError({
    code: 'consent-required',
    message: `Likeness needs to know on what basis ${what}.`,
    hint: 'Add --consent self, --consent permission (the person agreed) or --consent synthetic (nobody real).',
  });
}
