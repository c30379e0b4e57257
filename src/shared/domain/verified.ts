/** What was found out about a file, in words for a person. */
import type { Sureness, VerifyResult } from '../contract/verify.ts';

const VERDICT: Readonly<Record<Sureness, string>> = {
  sure: 'Made with Likeness: its watermark was read.',
  likely: 'Probably made with Likeness: its watermark is there, but too faint to be read.',
  said: 'It is said to be made with Likeness. Anybody could have written that, and its watermark was not found.',
  nothing: 'Nothing of Likeness was found. It may still be made by software: this knows films of this program alone.',
};

export const verdictOf = ({ sureness }: VerifyResult): string => VERDICT[sureness];

/** The verdict first, then a line for each place that was looked at. */
export function verdictLines(result: VerifyResult): string[] {
  return [verdictOf(result), ...findings(result).map(({ where, what }) => `${where}: ${what}`)];
}

/** Where something could be found, and what was. */
export function findings(result: VerifyResult): { readonly where: string; readonly what: string }[] {
  return [
    { where: 'Watermark', what: watermarkWords(result.watermark) },
    { where: 'Metadata', what: metadataWords(result.metadata) },
    { where: 'Record', what: recordWords(result.record) },
  ];
}

function watermarkWords(found: VerifyResult['watermark']): string {
  switch (found.kind) {
    case 'found':
      return `read, of the avatar ${found.avatar}… (score ${found.score.toFixed(1)})`;
    case 'likely':
      return `there, not to be read (score ${found.score.toFixed(1)})`;
    case 'none':
      return `none (score ${found.score.toFixed(1)})`;
    case 'unread':
      return `not looked for: ${found.why}`;
  }
}

function metadataWords(found: VerifyResult['metadata']): string {
  if (found.kind === 'none') return 'none of this program';
  const said = found.generated ? 'says that it is made by software' : 'of this program';
  return found.avatar === null ? said : `${said}, by the avatar ${found.avatar.slice(0, 9)}…`;
}

function recordWords(found: VerifyResult['record']): string {
  switch (found.kind) {
    case 'matches':
      return `beside it, and of this very file: "${found.name}", ${found.createdAt.slice(0, 10)}, ${found.producer}`;
    case 'other':
      return `beside it, of a file that is not this one or was changed since: "${found.name}"`;
    case 'unreadable':
      return 'beside it, but it cannot be read';
    case 'none':
      return 'none beside it';
  }
}
