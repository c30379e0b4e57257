import { expect, test } from 'vitest';
import { escapedControls, withoutControls } from './plain-text.ts';

test('what a terminal would take for an order is not shown', () => {
  expect(withoutControls('\u001b[31mred\u0007\r\u009b2Jx\u202etxt.exe\u007f')).toBe('[31mred2Jxtxt.exe');
  expect(withoutControls('Zoë\tЖ 声 🙂\nnext')).toBe('Zoë\tЖ 声 🙂\nnext');
});

test('JSON keeps every character, written out', () => {
  const value = { name: '\u001b[31m\u009b2J\u202ex\u007f' };
  const text = escapedControls(JSON.stringify(value, null, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(withoutControls(text)).toBe(text);
});
