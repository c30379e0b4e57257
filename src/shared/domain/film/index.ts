/** What a film is like: its format, shape, background and quality; which of them go together; presets of them. */
export * from './formats.ts';
export * from './look.ts';
export * from './presets.ts';
export * from './rules.ts';
export * from './signed.ts';
export * from './words.ts';
