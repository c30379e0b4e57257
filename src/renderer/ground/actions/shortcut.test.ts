import { expect, test } from 'vitest';
import { type KeyStroke, keysOf, parseShortcut, strokesOf } from './shortcut.ts';

const press = (key: string, code: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test('Mod is Ctrl, and the command key on a Mac', () => {
  expect(strokesOf(press('k', 'KeyK', { ctrlKey: true }), false)).toEqual(['Mod+K']);
  expect(strokesOf(press('k', 'KeyK', { metaKey: true }), true)).toEqual(['Mod+K']);
  expect(strokesOf(press('k', 'KeyK', { ctrlKey: true }), true)).toEqual(['Ctrl+K']);
});

test('a letter is the one the layout types, and its place where the layout types no Latin letter', () => {
  expect(strokesOf(press('z', 'KeyY'), false)).toEqual(['Z']); // German
  expect(strokesOf(press('о', 'KeyJ'), false)).toEqual(['J']); // Russian
  expect(strokesOf(press('&', 'Digit1'), false)).toEqual(['&', '1']); // French, without Shift
  expect(strokesOf(press('˚', 'KeyK', { altKey: true }), true)).toEqual(['Alt+K']); // Option on a Mac
});

test('a sign that needs Shift is the sign; arrows and letters keep it', () => {
  expect(strokesOf(press('?', 'Slash', { shiftKey: true }), false)).toEqual(['?']);
  expect(strokesOf(press('ArrowLeft', 'ArrowLeft', { shiftKey: true }), false)).toEqual(['Shift+ArrowLeft']);
  expect(strokesOf(press('Z', 'KeyZ', { shiftKey: true, ctrlKey: true }), false)).toEqual(['Mod+Shift+Z']);
  expect(strokesOf(press(' ', 'Space'), false)).toEqual(['Space']);
});

test('a modifier or a dead key alone is no shortcut', () => {
  expect(strokesOf(press('Shift', 'ShiftLeft', { shiftKey: true }), false)).toEqual([]);
  expect(strokesOf(press('Dead', 'BracketLeft'), false)).toEqual([]);
});

test('a shortcut is written in one way, and nonsense is none', () => {
  expect(parseShortcut('Shift+Mod+z')).toBe('Mod+Shift+Z');
  expect(parseShortcut('Mod++')).toBe('Mod++');
  expect(parseShortcut('Space')).toBe('Space');
  for (const text of ['', 'Mod', 'Mod+', 'Hyper+K', 'Mod+Nonsense', 'Shift+Shift'])
    expect(parseShortcut(text)).toBeUndefined();
});

test('keys are drawn as they are printed on the keyboard', () => {
  expect(keysOf('Mod+Shift+K', true)).toEqual(['⌘', '⇧', 'K']);
  expect(keysOf('Mod+ArrowLeft', false)).toEqual(['Ctrl', '←']);
  expect(keysOf('Mod++', false)).toEqual(['Ctrl', '+']);
});
