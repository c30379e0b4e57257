/** English as it is said where espeak reads it otherwise: money, years, abbreviations, units. */

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'e.g': 'for example',
  'i.e': 'that is',
  etc: 'et cetera',
  vs: 'versus',
  approx: 'approximately',
  dept: 'department',
  fig: 'figure',
  'w/o': 'without',
};
const UNITS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  km: ['kilometre', 'kilometres'],
  cm: ['centimetre', 'centimetres'],
  mm: ['millimetre', 'millimetres'],
  kg: ['kilogram', 'kilograms'],
  mg: ['milligram', 'milligrams'],
  ml: ['millilitre', 'millilitres'],
  mb: ['megabyte', 'megabytes'],
  gb: ['gigabyte', 'gigabytes'],
  ms: ['millisecond', 'milliseconds'],
};
const MONEY: Readonly<Record<string, readonly [one: string, more: string]>> = {
  $: ['dollar', 'dollars'],
  '€': ['euro', 'euros'],
  '£': ['pound', 'pounds'],
};
const LARGE = /^(?:hundred|thousand|million|billion|trillion)$/i;
const DECADES = ['', '', 'twenties', 'thirties', 'forties', 'fifties', 'sixties', 'seventies', 'eighties', 'nineties'];

/** How a written word is said between its neighbours: letters and digits that espeak reads so. */
export function spokenEnglish(word: string, before: string | undefined, after: string | undefined): string {
  const lower = word.toLowerCase();
  if (Object.hasOwn(ABBREVIATIONS, lower)) return ABBREVIATIONS[lower]!;
  if (lower === 'no' && /^\d/.test(after ?? '')) return 'number';
  if (Object.hasOwn(UNITS, lower) && /^[\d.,]+$/.test(before ?? '')) return unit(before!, lower);
  return (
    money(word, after) ??
    large(word, before) ??
    measured(word) ??
    year(word) ??
    word.replace(/(?<=[\p{L}\p{N}])\/(?=[\p{L}\p{N}])/gu, ' ')
  );
}

/** "$5.20" is five dollars twenty; of "$5 million" the dollars come behind the million. */
function money(word: string, after: string | undefined): string | undefined {
  const [, sign, whole, cents] = /^([$€£])(\d[\d,]*)(?:\.(\d\d))?$/.exec(word) ?? [];
  if (sign === undefined || whole === undefined) return undefined;
  if (LARGE.test(after ?? '')) return whole;
  const said = `${whole} ${MONEY[sign]![whole === '1' ? 0 : 1]}`;
  return cents === undefined || cents === '00' ? said : `${said} ${Number(cents)}`;
}

function large(word: string, before: string | undefined): string | undefined {
  const [, sign] = /^([$€£])[\d,.]+$/.exec(before ?? '') ?? [];
  return sign !== undefined && LARGE.test(word) ? `${word} ${MONEY[sign]![1]}` : undefined;
}

function measured(word: string): string | undefined {
  const [, number, name] = /^([\d.,]+)([a-z]{2})$/i.exec(word) ?? [];
  return number !== undefined && name !== undefined && Object.hasOwn(UNITS, name.toLowerCase())
    ? `${number} ${unit(number, name.toLowerCase())}`
    : undefined;
}

function unit(number: string, name: string): string {
  return UNITS[name]![number === '1' ? 0 : 1];
}

/** Four digits without a comma, and decades, are said as years are. */
function year(word: string): string | undefined {
  const [, century, rest, plural] = /^(1[1-9]|20)(\d\d)(s?)$/.exec(word) ?? [];
  if (century === undefined || rest === undefined) return undefined;
  if (plural)
    return rest.endsWith('0') && rest !== '00' && rest !== '10' ? `${century} ${DECADES[+rest[0]!]}` : undefined;
  if (century === '20' && rest < '10') return undefined; // two thousand and so on
  if (rest === '00') return `${century} hundred`;
  return rest < '10' ? `${century} oh ${Number(rest)}` : `${century} ${rest}`;
}
