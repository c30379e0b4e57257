import { Command } from 'commander';
import { expect, it } from 'vitest';
import { filmOf, type WrittenFilm } from '../../shared/domain/written/index.ts';
import { addFilmOptions } from './film-options.ts';

function asked(...words: string[]) {
  const command = addFilmOptions(new Command('export').exitOverride().configureOutput({ writeErr: () => undefined }));
  return filmOf(command.parse(words, { from: 'user' }).opts<WrittenFilm>());
}

it('without a word it is a dub as large as the source', () => {
  expect(asked()).toEqual({
    mode: 'dub',
    format: 'mp4',
    height: 'source',
    shape: 'own',
    background: { kind: 'own' },
    quality: 'good',
  });
});

it('a preset says what is not said otherwise', () => {
  expect(asked('--preset', 'shorts')).toMatchObject({ mode: 'portrait', format: 'mp4', height: 1920, shape: '9:16' });
  expect(asked('--preset', 'transparent', '--format', 'webm', '--shape', '1:1')).toMatchObject({
    format: 'webm',
    shape: '1:1',
    background: { kind: 'transparent' },
  });
});

it('the name of the file says the format', () => {
  expect(filmOf({ out: '/films/ada.webm' }).format).toBe('webm');
  expect(filmOf({ out: '/films/ada.mp4', format: 'av1' }).format).toBe('av1');
});

it.each([
  ['own', { kind: 'own' }],
  ['blur', { kind: 'blur' }],
  ['#1E3A5F', { kind: 'colour', colour: '#1E3A5F' }],
  ['wall.jpg', { kind: 'file', path: 'wall.jpg' }],
])('a background of %s is understood', (text, background) => {
  expect(asked('--background', text).background).toEqual(background);
});

it('a colour that is none is refused', () => {
  expect(() => asked('--background', '#12345')).toThrow('such as #1E3A5F');
});
