import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SaidText, SpokenScript } from '../../../shared/domain/script/index.ts';
import { EMPTY_TAKE, type SoundClip } from '../../../shared/domain/take.ts';
import { assFilter, assOf, captionsFrom, captionsOfTake, cuesFor, lineOf } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'likeness-captions-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** "One two. Three." with a word a second. */
const SPOKEN: SpokenScript = {
  version: 1,
  script: { text: 'One two. Three.', voice: 'hum', speed: 1, pause: 0.35 },
  times: {
    seconds: 3,
    phones: [],
    words: [
      { text: 'One', at: 0, from: 0, to: 1 },
      { text: 'two', at: 4, from: 1, to: 2 },
      { text: 'Three', at: 9, from: 2, to: 3 },
    ],
  },
};
const VOICE = 'aaaaaaaaaaaaaaaa';
const SAID: SaidText = { text: SPOKEN.script.text, times: SPOKEN.times };
const saidIn = (sound: string) => Promise.resolve(sound === VOICE ? SAID : null);
const clip = (more: Partial<SoundClip>): SoundClip => ({ id: 'c', sound: VOICE, at: 0, start: 0, seconds: 3, ...more });

describe('captions of a take', () => {
  it('are at the times of their clips, as far as these are heard and exported', async () => {
    const clips = [clip({ id: 'a', at: 10 }), clip({ id: 'b', at: 20, start: 1, seconds: 1 })];
    const take = { ...EMPTY_TAKE, clips };
    const all = await captionsOfTake(take, { from: 0, to: 30 }, saidIn);
    expect(cuesFor(all, 42).map(({ from, text }) => [from, text])).toEqual([
      [10, 'One two.'],
      [12, 'Three.'],
      [20, 'two.'],
    ]);
    const part = await captionsOfTake(take, { from: 11, to: 13 }, saidIn);
    expect(cuesFor(part, 42).map(({ from, text }) => [from, text])).toEqual([
      [0, 'two.'],
      [1, 'Three.'],
    ]);
  });

  it('are none of what is muted, or of whose words nobody knows', async () => {
    const refused = { code: 'bad-request', message: expect.stringContaining('no text for captions') };
    const muted = { ...EMPTY_TAKE, clips: [clip({})], muted: [VOICE] };
    await expect(captionsOfTake(muted, { from: 0, to: 9 }, saidIn)).rejects.toMatchObject(refused);
    const recorded = { ...EMPTY_TAKE, clips: [clip({ sound: 'bbbbbbbbbbbbbbbb' })] };
    await expect(captionsOfTake(recorded, { from: 0, to: 9 }, saidIn)).rejects.toMatchObject(refused);
  });
});

describe('captions of a file', () => {
  it('are those of subtitles, or of the times of words', async () => {
    writeFileSync(at('a.srt'), '1\n00:00:01,000 --> 00:00:02,000\nHello\n');
    writeFileSync(at('b.json'), JSON.stringify(SPOKEN));
    expect(cuesFor(await captionsFrom(at('a.srt')), 42)).toEqual([{ from: 1, to: 2, text: 'Hello' }]);
    expect(cuesFor(await captionsFrom(at('b.json')), 42)).toMatchObject([{ from: 0 }, { from: 2, text: 'Three.' }]);
    writeFileSync(at('b.json'), JSON.stringify({ version: 1, language: 'en-us', ...SAID }));
    expect(cuesFor(await captionsFrom(at('b.json')), 42)).toMatchObject([{ from: 0 }, { from: 2, text: 'Three.' }]);
  });

  it('are read as scripts are: also UTF-16, and without what is no text', async () => {
    const text = '1\n00:00:01,000 --> 00:00:02,000\nGr\u00fc\u00dfe \0an\u202E alle\n';
    writeFileSync(at('d.srt'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect(cuesFor(await captionsFrom(at('d.srt')), 42)).toEqual([{ from: 1, to: 2, text: 'Gr\u00fc\u00dfe an alle' }]);
    writeFileSync(at('e.srt'), Buffer.from(text, 'latin1'));
    const refused = { code: 'bad-request', message: 'This file is no text.' };
    await expect(captionsFrom(at('e.srt'))).rejects.toMatchObject(refused);
  });

  it('are those that begin before the film ends', async () => {
    writeFileSync(at('a.srt'), '00:00:01,000 --> 00:00:02,000\nHello\n\n00:00:02,000 --> 00:00:03,000\nthere\n');
    expect(cuesFor(await captionsFrom(at('a.srt')), 42, 2).map(({ text }) => text)).toEqual(['Hello']);
  });

  it('that shows more at once than a picture has room for is refused, where it does', async () => {
    const cues = (from: number): string =>
      Array.from({ length: 300 }, () => `00:00:0${from},000 --> 00:00:0${from + 1},000\nHello there\n\n`).join('');
    const refused = { code: 'bad-request', message: expect.stringContaining('At 00:00:05 these subtitles show more') };
    for (const text of [`00:00:05,000 --> 00:00:06,000\n${'word '.repeat(500)}`, cues(5)]) {
      writeFileSync(at('f.srt'), `00:00:01,000 --> 00:00:05,000\n${'w'.repeat(1900)}\n\n${text}`);
      await expect(captionsFrom(at('f.srt'))).rejects.toMatchObject(refused);
    }
    writeFileSync(at('f.srt'), Array.from({ length: 9 }, (_, k) => cues(k).slice(0, 4000)).join('\n\n'));
    expect(cuesFor(await captionsFrom(at('f.srt')), 42).length).toBeGreaterThan(800);
  });

  it('that has none is refused', async () => {
    writeFileSync(at('c.txt'), 'Hello');
    await expect(captionsFrom(at('c.txt'))).rejects.toMatchObject({ code: 'bad-request' });
    await expect(captionsFrom(at('none.srt'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(captionsFrom(folder)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('captions that are drawn', () => {
  it('have fewer characters in a line of a narrow picture', () => {
    const sizes = [
      [640, 360],
      [360, 360],
      [360, 640],
    ] as const;
    expect(sizes.map(([width, height]) => lineOf({ width, height }))).toEqual([42, 32, 24]);
  });

  it('are plain text, whatever they say', () => {
    const cues = [{ from: 1.5, to: 3661.239, text: '{\\b1}a\nDialo\0gue: 0,x\\Ny\rDialogue: 0,\u202Ez' }];
    const ass = assOf(cues, { width: 640, height: 360 });
    expect(ass.split(/[\r\n]/).filter((line) => line.startsWith('Dialogue:'))).toEqual([
      'Dialogue: 0,0:00:01.50,1:01:01.24,Default,\\{\\\u2060b1\\}a\\NDialogue: 0,x\\\u2060Ny\\NDialogue: 0,z',
    ]);
  });

  it('lie in a file whatever its path', async () => {
    const filter = await assFilter("C:\\a'b [c], d;e", folder);
    expect(filter).toBe("ass=filename=C\\\\:\\\\\\\\a\\\\\\'b \\[c\\]\\, d\\;e");
  });
});
