import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Script, SpokenScript } from '../../../shared/domain/script/index.ts';
import { tinyClip } from '../media/clips.fixture.ts';
import { openStudio, type Studio } from '../studio.ts';
import { CONFIG, HOP, humming, RATE, writeVoice } from './voice.fixture.ts';

// Scripts that a voice speaks; the voice hums, what reads the text is the real one.
const folder = mkdtempSync(join(tmpdir(), 'likeness-voices-'));
const at = (...parts: string[]): string => join(folder, ...parts);
let studio: Studio;
let id = '';
beforeAll(async () => {
  studio = openStudio({ libraryDir: at('library') });
  await studio.system.addModel(writeVoice(at('Hum.onnx')));
  await tinyClip(at('clip.mp4'));
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  id = (await studio.projects.importVideo(ada)).projectId;
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const TEXT = 'Hello, I am Ada. In 1984 it cost $5.20.\n\nIs that so?';
async function say(text: string, how: Partial<Script> = {}, more: object = {}) {
  const asked = {
    script: { text, voice: 'hum', ...how },
    outPath: at('said.wav'),
    timesPath: at('said.json'),
    ...more,
  };
  return (await studio.voices.say(asked)).result;
}
const times = () => SpokenScript.parse(JSON.parse(readFileSync(at('said.json'), 'utf8')));
/** Of the samples: a signature follows them. */
const bytes = () => readFileSync(at('said.wav')).readUInt32LE(40);

describe('a voice of somebody’s own', () => {
  it('is taken in by its configuration beside it, and listed', async () => {
    expect(await studio.voices.list()).toMatchObject([
      { name: 'en-us-joe', state: 'absent', language: null, fetch: { bytes: 58_368_729 } },
      { name: 'hum', state: 'present', language: 'en-us', fetch: null },
    ]);
    expect((await studio.system.models()).map(({ name }) => name)).toContain('hum');
  });

  it.each([
    ['without a configuration', 'alone.onnx', (path: string) => rmSync(`${path}.json`)],
    ['that is no model', 'text.onnx', (path: string) => writeFileSync(path, 'no model')],
    ['whose configuration is something else', 'other.onnx', (path: string) => writeFileSync(`${path}.json`, '{"a":1}')],
    ['with a name that is none', '../x y.onnx', () => undefined],
  ])('%s is refused', async (_, name, spoil) => {
    const path = writeVoice(at('bad', name));
    spoil(path);
    await expect(studio.system.addModel(path)).rejects.toMatchObject({ code: 'bad-request' });
    expect(readdirSync(at('library', 'models', 'voices')).sort()).toEqual(['hum.onnx', 'hum.onnx.json']);
  });
});

describe('a voice that lies', () => {
  it.each([
    ['has no sound', { least: -50 }],
    ['has a sound of no numbers', { loud: NaN }],
    ['speaks for minutes', { least: 5000 }],
    ['has phonemes that end before they begin', { least: 10, more: -0.5 }],
  ])('about what it speaks is refused: it %s', async (_, wrong) => {
    const path = writeVoice(at('bad', 'lies.onnx'), CONFIG, humming(wrong));
    const message = 'This is no voice that can be used here.';
    await expect(studio.system.addModel(path)).rejects.toMatchObject({ code: 'bad-request', message });
  });

  it('about its language is refused where that is found out', async () => {
    await studio.system.addModel(writeVoice(at('other.onnx'), { ...CONFIG, espeak: { voice: 'zz-none' } }));
    await expect(say('Hi.', { voice: 'other' })).rejects.toMatchObject({ code: 'bad-request' });
    rmSync(at('library', 'models', 'voices', 'other.onnx'));
    rmSync(at('library', 'models', 'voices', 'other.onnx.json'));
  });
});

describe('a script', () => {
  it('becomes a sound that is as long as its phonemes and pauses, each word at its time', async () => {
    const said = await say(TEXT, { pause: 0.5 });
    expect(said).toMatchObject({ sentences: 3, anew: 3, words: 12, path: at('said.wav'), sound: null });
    const { script, times: found } = times();
    expect(script).toEqual({ text: TEXT, voice: 'hum', speed: 1, pause: 0.5 });
    expect(found.words.map(({ text }) => text)).toEqual(
      ['Hello', 'I', 'am', 'Ada', 'In', '1984', 'it', 'cost', '$5.20', 'Is', 'that', 'so'], //
    );
    for (const word of found.words)
      expect(script.text.slice(word.at)).toMatch(new RegExp(`^${RegExp.escape(word.text)}`));
    const ordered = found.words.flatMap(({ from, to }) => [from, to]);
    expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
    expect(bytes() / 2 / RATE).toBeCloseTo(found.seconds, 6);
    const silence = (Math.round(0.5 * RATE) + RATE) / RATE; // a pause, and one between paragraphs
    expect(Number.isInteger(Math.round((found.seconds - silence) * RATE * 1e3) / 1e3 / HOP)).toBe(true);
    // The last word of a paragraph ends before its pause, and the next begins behind it.
    const [before, after] = [found.words[8]!, found.words[9]!];
    expect(after.from - before.to).toBeGreaterThan(1);
  });

  it('that is written as a file says, signed, that software spoke', async () => {
    const found = await say('Good morning.');
    expect(found.credentials).toMatchObject({ kind: 'signed', certificate: 'local' });
    expect((await studio.system.verify(at('said.wav'))).credentials).toMatchObject({
      kind: 'valid',
      generated: true,
      actions: ['c2pa.created'],
      ingredients: [{ title: 'Voice', relationship: 'inputTo' }],
    });
    studio.settings.change({ credentials: false });
    expect((await say('Good morning.')).credentials).toMatchObject({ kind: 'unsigned' });
    expect((await studio.system.verify(at('said.wav'))).credentials).toEqual({ kind: 'none' });
    studio.settings.change({ credentials: true });
  });

  it('that is edited is spoken anew only where it was', async () => {
    await say(TEXT);
    expect(await say(TEXT)).toMatchObject({ sentences: 3, anew: 0 });
    expect(await say(TEXT.replace('Ada', 'Grace'))).toMatchObject({ sentences: 3, anew: 1 });
    expect(await say(TEXT, { pause: 2 })).toMatchObject({ anew: 0 });
    expect(await say(TEXT, { speed: 2 })).toMatchObject({ anew: 3 });
  });

  it('is shorter when it is spoken faster', async () => {
    const usual = await say('One sentence for all.', { speed: 1 });
    const fast = await say('One sentence for all.', { speed: 2 });
    expect(fast.seconds).toBeLessThan(0.65 * usual.seconds);
  });

  it('whose kept sentence was damaged is spoken again', async () => {
    await say('Kept for long.');
    const before = bytes();
    for (const name of readdirSync(at('library', 'spoken'))) writeFileSync(at('library', 'spoken', name), 'x');
    expect(await say('Kept for long.')).toMatchObject({ anew: 1 });
    expect(bytes()).toBe(before);
  });

  it('becomes a sound of its project, which keeps the text and the times', async () => {
    const { sound, seconds, path } = await say(TEXT, {}, { project: id, outPath: undefined });
    const { sounds } = await studio.projects.get(id);
    expect(sounds).toContainEqual({
      id: sound,
      name: 'Hello, I am Ada. In 1984 it cost $5.20.…',
      seconds,
      spoken: true,
    });
    expect(existsSync(path)).toBe(true);
    const kept = await studio.voices.script(id, sound!);
    expect(kept?.script).toEqual({ text: TEXT, voice: 'hum', speed: 1, pause: 0.35 });
    expect(kept?.times.words).toHaveLength(12);
    expect(await studio.voices.script(id, 'source')).toBeNull();
  });

  it('stopped leaves nothing, and what was spoken until then is kept', async () => {
    const text = Array.from({ length: 40 }, (_, k) => `Sentence ${k} of many.`).join(' ');
    const job = await studio.voices.say({ script: { text, voice: 'hum' }, outPath: at('stopped.wav') });
    for await (const event of job.events) {
      const done = event.type === 'state' && event.state.kind === 'running' ? event.state.progress?.done : 0;
      if (done) job.cancel();
    }
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder).filter((name) => name.includes('stopped'))).toEqual([]);
    expect((await say(text)).anew).toBeLessThan(40);
  });
});

describe('what cannot be said', () => {
  it.each([
    ['nothing', '', 'nothing to say'],
    ['only punctuation', '... — !?', 'nothing to say'],
    ['only pictures', '😀 👩‍👩‍👧', 'nothing to say'],
    ['too much', 'word '.repeat(2_000_000), 'too long'],
    ['tags', 'Hello <break time="1s"/> there', 'markup'],
    ['bytes', 'a\0b', 'no text'],
  ])('%s is refused at once', async (_, text, words) => {
    await expect(say(text)).rejects.toMatchObject({ code: 'bad-request', message: expect.stringContaining(words) });
  });

  it('letters that the voice does not know are named', async () => {
    const refused = { code: 'bad-request', message: 'This voice speaks "en-us" and cannot read "مرحبا".' };
    await expect(say('Hello مرحبا there')).rejects.toMatchObject(refused);
  });

  it('a file that is to be no WAV is refused', async () => {
    await expect(say('Hi.', {}, { outPath: at('said.mp3') })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('a voice that is not here is told, with what to do', async () => {
    const hint = expect.stringContaining('voices fetch en-us-joe');
    await expect(say('Hi.', { voice: 'en-us-joe' })).rejects.toMatchObject({ code: 'not-found', hint });
    await expect(say('Hi.', { voice: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('control characters, marks of direction and pictures between words are passed over', async () => {
    const said = await say('Hel\u0007lo \u202Ethere\u202C 😀 now.');
    expect(said.words).toBe(3);
    expect(times().script.text).toBe('Hello there 😀 now.');
  });
});
