import { z } from 'zod';
import { type FilmFormat, FORMATS, type Shape } from './film/index.ts';

/** What may stand in the rule that names exports. */
export const NAME_TOKENS = ['project', 'take', 'mode', 'shape', 'format', 'height', 'date', 'time'] as const;
type NameToken = (typeof NAME_TOKENS)[number];

const TOKEN = /\{([^{}]*)\}/g;

/** A rule: words, with tokens in braces. */
export const ExportNameRule = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine(
    (rule) => [...rule.matchAll(TOKEN)].every(([, token]) => (NAME_TOKENS as readonly string[]).includes(token!)),
    `It may contain ${NAME_TOKENS.map((token) => `{${token}}`).join(', ')}.`,
  );
export const USUAL_EXPORT_NAME = '{project} {take} {mode} {date} {time}';

/** What an export's name may say of it. */
export interface NamedFilm {
  readonly project: { readonly name: string; readonly source: { readonly height: number } };
  /** The take's name; null: it says a sound. */
  readonly take: string | null;
  readonly mode: 'dub' | 'portrait';
  readonly height: number | 'source';
  readonly shape?: Shape;
  /** Of a film, not of a frame. */
  readonly format?: FilmFormat;
  readonly at: Date;
}

/** A film's name without its ending, by the rule, as every system takes it. */
export function exportName(rule: string, film: NamedFilm): string {
  const parts = partsOf(film);
  const said = rule.replaceAll(TOKEN, (_, token: string) => parts[token as NameToken] ?? '');
  return safeFileName(said) || safeFileName(parts.project) || 'film';
}

function partsOf({
  project,
  take,
  mode,
  height,
  shape = 'own',
  format,
  at,
}: NamedFilm): Readonly<Record<NameToken, string>> {
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    project: project.name,
    take: take ?? '',
    mode: format === undefined || FORMATS[format].picture ? mode : 'sound',
    shape: shape === 'own' ? '' : shape.replace(':', 'x'),
    format: format ?? '',
    height: String(height === 'source' && mode === 'dub' ? project.source.height : height),
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('-'),
  };
}

// What a file may be called on Windows, macOS and Linux alike.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[<>:"/\\|?*\u0000-\u001f\u007f]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Of a name without its ending, UTF-8: systems allow 255, and the endings of files beside it want some. */
const MOST_BYTES = 180;

/** What such a file may be called; empty where nothing is left. */
export function safeFileName(text: string): string {
  const plain = text.normalize('NFC').replaceAll(UNSAFE, '-').replaceAll(/\s+/g, ' ');
  const name = cut(plain.replace(/^[ .]+/, '')).replace(/[ .]+$/, '');
  return DEVICE.test(name) ? `_${name}` : name;
}

/** Whole characters of it that come to no more than `MOST_BYTES`. */
function cut(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > MOST_BYTES) break;
    kept += character;
  }
  return kept;
}

/** `name`, or with the first number that makes it none of `taken`, which are compared as Windows and macOS do. */
export function untakenName(name: string, taken: readonly string[]): string {
  const there = new Set(taken.map((one) => one.normalize('NFC').toLowerCase()));
  const isThere = (one: string): boolean => there.has(one.toLowerCase());
  if (!isThere(name)) return name;
  for (let number = 2; ; number++) if (!isThere(`${name} ${number}`)) return `${name} ${number}`;
}
