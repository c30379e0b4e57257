type Spoken = Pick<Navigator, 'language' | 'languages'>;

/**
 * A browser on a system with a POSIX locale names languages that are none (`en-US@posix`, `C`), and whoever hands them
 * to Intl gets an exception; libraries do, uPlot when it is imported. So the browser is made to name what Intl takes.
 */
export function mendLanguages(browser: Spoken): void {
  const named = [browser.language, ...browser.languages];
  const [first, ...others] = named.map(languageOf);
  if (named.every((name, k) => name === [first, ...others][k])) return;
  const value = first ?? others.find((other) => other !== undefined) ?? usual();
  const languages = [...new Set(others.filter((other) => other !== undefined))];
  Object.defineProperty(browser, 'language', { value, configurable: true });
  Object.defineProperty(browser, 'languages', {
    value: Object.freeze(languages.length > 0 ? languages : [value]),
    configurable: true,
  });
}

/** What Intl takes of a name: without encoding and modifier, `_` for `-`. Undefined where nothing is left of it. */
function languageOf(name: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(name.replace(/[.@].*$/, '').replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

const usual = (): string => new Intl.DateTimeFormat().resolvedOptions().locale;

if (typeof navigator !== 'undefined') mendLanguages(navigator);
