import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { SoundText } from '../../../shared/domain/script/index.ts';
import { keepText, readText, textPath } from './scripts.ts';
import { listSounds, removeSound, wavePath } from './sounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-texts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SOUND = '0123456789abcdef';
const TEXT: SoundText = {
  version: 1,
  text: 'One.',
  language: 'en-us',
  times: { seconds: 1, words: [{ text: 'One', at: 0, from: 0.2, to: 0.6 }], phones: [] },
};

it('a recording keeps the text that it was given, and loses it with its samples', async () => {
  writeFileSync(wavePath(folder, SOUND), '');
  writeFileSync(join(folder, `${SOUND}.json`), JSON.stringify({ name: 'One', seconds: 1 }));
  expect(listSounds(folder)).toEqual([{ id: SOUND, name: 'One', seconds: 1 }]);
  expect(await readText(folder, SOUND)).toBeNull();
  await keepText(folder, SOUND, TEXT);
  expect(listSounds(folder)).toEqual([{ id: SOUND, name: 'One', seconds: 1, aligned: true }]);
  expect(await readText(folder, SOUND)).toEqual(TEXT);
  writeFileSync(textPath(folder, SOUND), '{');
  expect(await readText(folder, SOUND)).toBeNull();
  await removeSound(folder, SOUND);
  writeFileSync(wavePath(folder, SOUND), '');
  writeFileSync(join(folder, `${SOUND}.json`), JSON.stringify({ name: 'One', seconds: 1 }));
  expect(listSounds(folder)).toEqual([{ id: SOUND, name: 'One', seconds: 1 }]);
});
