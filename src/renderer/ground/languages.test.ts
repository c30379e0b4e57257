import { afterEach, expect, it, vi } from 'vitest';
import { mendLanguages } from './languages.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const browser = (language: string, ...languages: string[]) => ({ language, languages });

it.each([
  ['en-US@posix', ['en-US@posix'], 'en-US', ['en-US']],
  ['de_DE.UTF-8', ['de_DE.UTF-8', 'en'], 'de-DE', ['de-DE', 'en']],
  ['C', ['C', 'fr'], 'fr', ['fr']],
])('%s becomes a language that Intl takes', (language, languages, mended, all) => {
  const spoken = browser(language, ...languages);
  mendLanguages(spoken);
  expect(spoken).toMatchObject({ language: mended, languages: all });
  expect(new Intl.NumberFormat(spoken.language).format(1)).not.toBe('');
});

it('a browser that names none at all gets what Intl uses by itself', () => {
  const spoken = browser('C');
  mendLanguages(spoken);
  expect(() => new Intl.NumberFormat(spoken.language)).not.toThrow();
  expect(spoken.languages).toEqual([spoken.language]);
});

it('languages that Intl takes stay as they are', () => {
  const spoken = Object.freeze(browser('pt-BR', 'pt-BR', 'en'));
  mendLanguages(spoken);
  expect(spoken).toEqual({ language: 'pt-BR', languages: ['pt-BR', 'en'] });
});

it('the chart can be imported in a browser of a POSIX locale', async () => {
  const listens = { addEventListener: () => undefined };
  vi.stubGlobal('window', { ...listens, dispatchEvent: () => true });
  vi.stubGlobal('document', {});
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal('matchMedia', () => listens);
  vi.stubGlobal('navigator', browser('en-US@posix', 'en-US@posix'));
  await import('./languages.ts');
  await expect(import('uplot')).resolves.toHaveProperty('default');
});
