/** Scripts of which a language uses several at once, or that have no name of their own to look for. */
const UNCHECKED = ['Jpan', 'Kore', 'Hans', 'Hant'];

/** The first word with a letter that a language does not write, as espeak calls it; undefined when there is none. */
export function foreignWord(text: string, language: string): string | undefined {
  const script = scriptOf(language);
  if (script === undefined || UNCHECKED.includes(script)) return undefined;
  const own = new RegExp(`^(?:\\P{L}|\\p{Script=${script}}|\\p{Script=Common}|\\p{Script=Inherited})*$`, 'u');
  return text.split(/\s+/).find((word) => !own.test(word));
}

function scriptOf(language: string): string | undefined {
  try {
    return new Intl.Locale(language).maximize().script;
  } catch {
    return undefined; // espeak has languages that nobody else names
  }
}
