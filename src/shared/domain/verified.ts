/** What was found out about a file, in words for a person. */
import type { CredentialsFound } from '../contract/credentials.ts';
import type { Sureness, VerifyResult } from '../contract/verify.ts';

const VERDICT: Readonly<Record<Sureness, string>> = {
  sure: 'Made with Likeness: its watermark was read.',
  likely: 'Probably made with Likeness: its watermark is there, but too faint to be read.',
  said: 'It is said to be made with Likeness. Anybody could have written that, and its watermark was not found.',
  nothing: 'Nothing of Likeness was found. It may still be made by software: this knows films of this program alone.',
};

/** One sentence, and another where what was signed is not what is there. */
export function verdictOf({ sureness, watermark, credentials }: VerifyResult): string {
  const made =
    sureness === 'sure' && watermark.kind !== 'found'
      ? 'Made with Likeness: this library signed it, and it was not changed since.'
      : VERDICT[sureness];
  return credentials.kind === 'changed' ? `${made} It was changed after it was signed.` : made;
}

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
    ...credentialsFindings(result.credentials),
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

type Signed = Extract<CredentialsFound, { kind: 'valid' | 'changed' | 'invalid' }>;

/** Content Credentials: whether they hold, and where they can be read whose they are and what they say. */
function credentialsFindings(found: CredentialsFound): { readonly where: string; readonly what: string }[] {
  const where = 'Content Credentials';
  switch (found.kind) {
    case 'none':
      return [{ where, what: 'none' }];
    case 'unread':
      return [{ where, what: `not read: ${found.why}` }];
    case 'valid':
      return [{ where, what: 'valid: the file is as it was when it was signed' }, ...saidBy(found)];
    case 'changed':
      return [
        { where, what: `the file, or what it says, was changed after it was signed (${told(found)})` },
        ...saidBy(found),
      ];
    case 'invalid':
      return [{ where, what: `not valid (${told(found)})` }, ...saidBy(found)];
  }
}

const told = ({ problems }: { readonly problems: readonly string[] }): string => problems.join(', ');

/** What the certificate is worth. */
const VOUCHED: Readonly<Record<Signed['certificate'], string>> = {
  local: 'the local certificate of this library, which nobody verified',
  own: 'your own certificate',
  trusted: 'vouched for by a certificate that you trust',
  unknown: 'not known here: anybody can make a certificate with any name',
};

/** C2PA's names, as far as they have a plain word; others are told as they are. */
const ACTIONS: Readonly<Record<string, string>> = {
  'c2pa.created': 'created',
  'c2pa.opened': 'opened',
  'c2pa.edited': 'edited',
  'c2pa.placed': 'put together',
  'c2pa.transcoded': 'coded anew',
  'c2pa.converted': 'converted',
  'c2pa.published': 'published',
};
const RELATIONSHIPS: Readonly<Record<string, string>> = {
  parentOf: 'what it was before',
  componentOf: 'a part of it',
  inputTo: 'what it was made with',
};
const plain = (words: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(words, name) ? words[name]! : name;

function saidBy(found: Signed): { readonly where: string; readonly what: string }[] {
  if (found.signer === null) return [];
  const { signer, certificate, generator, generated, actions, ingredients } = found;
  const by = generator === null ? '' : `by ${generator}`;
  const done = actions.map((name) => plain(ACTIONS, name)).join(', ');
  const made = [by, generated ? 'generated by AI, all of it or part' : '', done].filter(Boolean).join('; ');
  const of = ingredients.map(
    ({ title, relationship }) =>
      `${title ?? 'something without a name'} (${plain(RELATIONSHIPS, relationship ?? 'no relationship')})`,
  );
  return [
    { where: 'Signed by', what: `"${signer}": ${VOUCHED[certificate]}` },
    ...(made === '' ? [] : [{ where: 'Says', what: made }]),
    ...(of.length === 0 ? [] : [{ where: 'Made of', what: of.join(', ') }]),
  ];
}
