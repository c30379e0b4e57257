/** What a text must not tell: folders that become nothing, and names that become their role. */
export interface Secrets {
  /** The library, the home folder and so on; a path below one keeps its file name only. */
  readonly folders: readonly string[];
  /** [what to hide, what stands for it]. */
  readonly names: readonly (readonly [string, string])[];
}

const MEDIA = 'mp4|m4v|mov|mkv|webm|avi|wav|mp3|m4a|aac|flac|ogg|opus|jpe?g|png|likeness';
/** A file that a person chose may be named after a person. Our own names tell nothing. */
const OWN_NAME = /^(?:source|sample|audio16k|person|plate|take|(?:proof|preview)-\d+|checkpoint)\./i;
const CHOSEN_FILE = new RegExp(`.\\.(${MEDIA})$`, 'i');
const QUOTED_PATH = /(["'`])((?:[A-Za-z]:)?[\\/][^"'`\n]*)\1/g;
/** As programs print it, with spaces and without quotes; the next option or path of a command line is none of it. */
const MEDIA_PATH = new RegExp(
  `(?<![\\w.<])(?:[A-Za-z]:)?[\\\\/](?:(?! -| [\\\\/]| [A-Za-z]:)[^"'\`<>|:\\n])*?\\.(?:${MEDIA})\\b`,
  'gi',
);
const BARE_PATH = /(?<![\w.<])(?:[A-Za-z]:)?(?:[\\/][^\\/\s"'`<>|:;,()[\]]+)+[\\/]?/g;

/** The text with every path cut to its last part, and without the names. */
export function redact(text: string, { folders, names }: Secrets): string {
  let result = text;
  // Folders first: the spaces in one would end a path too early. Longest first: one may be part of another.
  for (const folder of folders.toSorted((a, b) => b.length - a.length))
    if (folder.length > 1) result = result.replaceAll(folder, '/…');
  result = result.replace(MEDIA_PATH, lastPart); // before the names that may be in one
  for (const [name, role] of names.toSorted(([a], [b]) => b.length - a.length))
    if (name.trim() !== '') result = result.replace(wholeWords(name.trim()), role);
  return result
    .replace(QUOTED_PATH, (_, quote: string, path: string) => quote + lastPart(path) + quote)
    .replace(BARE_PATH, lastPart);
}

function lastPart(path: string): string {
  const name = path.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const [, ending] = OWN_NAME.test(name) ? [] : (CHOSEN_FILE.exec(name) ?? []);
  return ending === undefined ? name : `<file>.${ending.toLowerCase()}`;
}

/** The name wherever it stands by itself, whatever its case. */
function wholeWords(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu');
}
