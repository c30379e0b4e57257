/** Scripts of which a language uses several at once, or that have no name of their own to look for. */
const UNCHECKED = ['Jpan', 'Kore', 'Hans', 'Hant'];

/** The first word with a letter that a language does not write, as espeak calls it; undefined when there is none. */
export function foreignWord(text: string, language: string): string | undefined {
  const own = lettersOf(language);
  if (own === undefined) return undefined;
  return text.split(/\s+/).find((word) => !own.test(word));
}

function lettersOf(language: string): RegExp | undefined {
  try {
    const { script } = new Intl.Locale(language).maximize();
    if (script === undefined || UNCHECKED.includes(script)) return undefined;
    return new RegExp(`^(?:\\P{L}|\\p{Script=${script}}|\\p{Script=Common}|\\p{Script=Inherited})*$`, 'u');
  } catch {
    return undefined; // espeak has languages, and locales scripts, that nobody else names
  }
}
