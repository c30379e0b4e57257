import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaptionsWish } from '../../../shared/contract/voices.ts';
import type { Background, Shape } from '../../../shared/domain/film/index.ts';
import { cuesOf } from '../../../shared/domain/script/index.ts';
import { EMPTY_TAKE } from '../../../shared/domain/take.ts';
import { TINY } from '../engine/bundles.fixture.ts';
import { tinyClip, tools } from '../media/clips.fixture.ts';
import { type Frame, probeVideo, readFrames } from '../media/index.ts';
import { openStudio, type Studio } from '../studio.ts';
import { writeVoice } from '../voices/voice.fixture.ts';

// From a script to a film with captions; the folder has a name that ffmpeg's filters would take apart.
const folder = mkdtempSync(join(tmpdir(), `likeness's [film], ${process.platform === 'win32' ? '' : '\\b:'} `));
const at = (...parts: string[]): string => join(folder, ...parts);
let studio: Studio;
let id = '';
beforeAll(async () => {
  studio = openStudio({ libraryDir: at('library') });
  await studio.system.addModel(writeVoice(at('hum.onnx')));
  await tinyClip(at('clip.mp4'));
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  id = (await studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, studio.library.paths.avatar(id));
  const said = await (
    await studio.voices.say({ project: id, script: { text: 'One. Two.', voice: 'hum', pause: 1 } })
  ).result;
  const clips = [{ id: 'said', sound: said.sound!, at: 0, start: 0, seconds: said.seconds }];
  const { revision } = studio.timeline.take(id);
  studio.timeline.saveTake(id, { ...EMPTY_TAKE, clips, pose: { kind: 'still', frame: 0 } }, revision);
});
afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const film = (name: string, captions?: CaptionsWish, background?: Background, shape?: Shape) =>
  studio.avatars.exportVideo(id, {
    sound: { kind: 'take' },
    outPath: at(name),
    mode: 'portrait',
    height: 128,
    captions,
    background,
    shape,
  }).result;
async function frames(name: string): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of readFrames(tools, await probeVideo(tools, at(name)))) all.push(frame);
  return all;
}
/** Pixels of some rows, from and to as shares of the height, that are clearly lighter or darker in the other frame. */
function changed(one: Frame, other: Frame, from: number, to: number): number {
  const { width, height } = one;
  let count = 0;
  for (let k = Math.round(from * height) * width * 3; k < Math.round(to * height) * width * 3; k += 3)
    if (Math.abs(one.pixels[k]! - other.pixels[k]!) > 60) count++;
  return count;
}

it('captions lie beside a film at the times of their words', async () => {
  const { captions } = await film('beside.mp4', { as: 'srt', file: null });
  expect(captions).toBe(at('beside.srt'));
  const kept = (await studio.voices.script(id, studio.timeline.take(id).take.clips[0]!.sound))!;
  const cues = cuesOf(readFileSync(captions!, 'utf8'));
  expect(cues.map(({ text }) => text)).toEqual(['One.', 'Two.']);
  for (const [k, { from }] of cues.entries()) expect(from).toBeCloseTo(kept.times.words[k]!.from, 2);
  expect((await film('web.mp4', { as: 'vtt', file: null })).captions).toBe(at('web.vtt'));
  expect(readFileSync(at('web.vtt'), 'utf8')).toMatch(/^WEBVTT\n\n00:/);
});

it('captions beside a film have the lines that are drawn into one of its shape, and end with it', async () => {
  const long = 'More than an upright line is long.';
  const mine = (name: string): string => {
    const cue = (from: number, text: string) => `${from}\n00:00:0${from},000 --> 00:00:0${from + 1},000\n${text}\n\n`;
    writeFileSync(at(name), `${cue(0, 'One')}${cue(9, 'Long after it')}`);
    return at(name);
  };
  const said = await (await studio.voices.say({ project: id, script: { text: long, voice: 'hum', speed: 2 } })).result;
  const ask = { sound: { kind: 'sound', sound: said.sound! }, mode: 'portrait', height: 128 } as const;
  const lines = async (shape: Shape) => {
    const { captions } = await studio.avatars.exportVideo(id, {
      ...ask,
      outPath: at('shaped.mp4'),
      shape,
      captions: { as: 'srt', file: null },
    }).result;
    return cuesOf(readFileSync(captions!, 'utf8')).flatMap(({ text }) => text.split('\n'));
  };
  const [upright, wide] = [await lines('9:16'), await lines('16:9')];
  expect(Math.max(...upright.map(({ length }) => length))).toBeLessThanOrEqual(24);
  expect(Math.max(...wide.map(({ length }) => length))).toBeGreaterThan(24);
  expect([upright.join(' '), wide.join(' ')]).toEqual([long, long]);
  const { captions } = await film('mine-beside.mp4', { as: 'srt', file: mine('long.srt') });
  expect(cuesOf(readFileSync(captions!, 'utf8')).map(({ text }) => text)).toEqual(['One']);
});

it('captions are drawn at the bottom, while their words are said', async () => {
  await film('plain.mp4');
  await film('burned.mp4', { as: 'burn', file: null });
  const [plain, burned] = [await frames('plain.mp4'), await frames('burned.mp4')];
  expect(burned).toHaveLength(plain.length);
  const shown = burned.map((frame, k) => changed(frame, plain[k]!, 0.75, 1) > 20);
  expect([shown[3], shown.includes(false), shown.at(-3)]).toEqual([true, true, true]); // a pause between both
  expect(Math.max(...burned.map((frame, k) => changed(frame, plain[k]!, 0, 0.6)))).toBe(0);
});

it('nothing is written where something is read for it, by whichever path, nor under too long a name', async () => {
  const srt = '1\n00:00:00,000 --> 00:00:01,000\n<b>Mine</b>\n';
  writeFileSync(at('mine.srt'), srt);
  const taken = { code: 'bad-request', message: 'mine.srt is read for this and cannot be written too.' };
  await expect(film('mine.mp4', { as: 'srt', file: at('mine.srt') })).rejects.toMatchObject(taken);
  expect([readFileSync(at('mine.srt'), 'utf8'), existsSync(at('mine.mp4'))]).toEqual([srt, false]);
  copyFileSync(at('clip.mp4'), at('behind.mp4'));
  symlinkSync(at('behind.mp4'), at('link.mp4'));
  const behind = { kind: 'file', path: at('link.mp4') } as const;
  await expect(film('behind.mp4', undefined, behind)).rejects.toMatchObject({ code: 'bad-request' });
  expect(readFileSync(at('behind.mp4')).equals(readFileSync(at('clip.mp4')))).toBe(true);
  await expect(film(`${'ü'.repeat(120)}.mp4`)).rejects.toMatchObject({ message: 'The name of the file is too long.' });
});

it('a timeline for editors is of a take, as an .otio file, with a film that they open', () => {
  const ask = { sound: { kind: 'take' }, mode: 'portrait', height: 128, timeline: true } as const;
  const refused = (change: object, message: string) =>
    expect(() => studio.avatars.exportVideo(id, { ...ask, ...change })).toThrow(message);
  refused({ sound: { kind: 'source' } }, 'A timeline for an editor is made of a take.');
  refused({ format: 'gif' }, 'Editors do not open GIF.');
  refused({ timeline: at('film.xml') }, 'A timeline for an editor is an OpenTimelineIO file.');
});

it('a film of a recording has no text, and says so', async () => {
  const sound = { kind: 'source' } as const;
  const captions = { as: 'srt', file: null } as const;
  const asked = studio.avatars.exportVideo(id, {
    sound,
    outPath: at('x.mp4'),
    mode: 'portrait',
    height: 128,
    captions,
  });
  await expect(asked.result).rejects.toMatchObject({ code: 'bad-request' });
});
