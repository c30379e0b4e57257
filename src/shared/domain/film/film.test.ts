import { describe, expect, it } from 'vitest';
import {
  EXPORT_ENDINGS,
  filmInWords,
  FilmFormat,
  FilmPreset,
  formatOf,
  FORMATS,
  OWN_BACKGROUND,
  PRESETS,
  refusedLook,
  shownAs,
  tooLong,
} from './index.ts';

const film = {
  mode: 'portrait',
  format: 'mp4',
  height: 360,
  shape: 'own',
  background: OWN_BACKGROUND,
  quality: 'good',
} as const;
const TRANSPARENT = { kind: 'transparent' } as const;

describe('what goes together', () => {
  it.each(FilmPreset.options)('the preset %s does', (name) => {
    expect(refusedLook({ ...film, ...PRESETS[name] })).toBeNull();
  });

  it.each(FilmFormat.options)('transparency goes with %s as that says', (format) => {
    const refused = refusedLook({ ...film, format, background: TRANSPARENT });
    expect(refused === null).toBe(FORMATS[format].alpha);
  });

  it.each([
    [{ mode: 'dub', shape: '9:16' }, 'A dub keeps the shape'],
    [{ mode: 'dub', background: { kind: 'blur' } }, 'A dub keeps the shape'],
    [{ format: 'wav', shape: '1:1' }, 'A sound has neither'],
    [{ shape: '16:9', height: 2400 }, '4267 pixels wide'],
  ] as const)('%o does not', (change, said) => {
    expect(refusedLook({ ...film, ...change })?.message).toContain(said);
  });

  it('2160 rows at 16:9 are the most', () => {
    expect(refusedLook({ ...film, shape: '16:9', height: 2160 })).toBeNull();
  });

  it('a look is up to a minute long, a film as long as it is', () => {
    expect([tooLong('gif', 60), tooLong('mp4', 7200)]).toEqual([null, null]);
    expect(tooLong('webp', 60.1)?.message).toContain('61 s');
  });
});

it('a file says by its ending what it is', () => {
  expect(['A.MP4', 'b.mov', 'c.webm', 'd.zip', 'e.m4a', 'f.txt', 'g'].map(formatOf)).toEqual([
    'mp4',
    'prores',
    'webm',
    'png',
    'm4a',
    undefined,
    undefined,
  ]);
  expect(EXPORT_ENDINGS).toContain('.png');
  expect(['a.png', 'a.webm', 'a.mov', 'a.wav', 'a.gif', 'a.exe'].map(shownAs)).toEqual([
    'image',
    'video',
    'nothing',
    'sound',
    'image',
    'nothing',
  ]);
});

it.each([
  [film, 'Portrait, 360 rows, over its own background, as MP4, H.264.'],
  [
    { ...film, shape: '9:16', height: 1920, background: { kind: 'blur' } },
    'Portrait, 1080x1920, over its own background, blurred, as MP4, H.264.',
  ],
  [{ ...film, mode: 'dub', height: 'source', format: 'gif' }, 'Dub, as large as the source, as GIF, without sound.'],
  [{ ...film, format: 'wav' }, 'Sound alone, WAV.'],
] as const)('one line says what will be made (%#)', (look, said) => {
  expect(filmInWords(look)).toBe(said);
});
