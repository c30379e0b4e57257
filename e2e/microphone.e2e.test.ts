import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBundle, readRig } from '../src/main/studio/engine/bundle/index.ts';
import { apertures } from '../src/main/studio/engine/index.ts';
import { decodeLivePicture } from '../src/shared/contract/live.ts';
import { decodeLiveSound } from '../src/shared/contract/live-sound.ts';
import { seriousFindings } from './accessibility.ts';
import { oneStory } from './one-story.ts';
import { FAKE_MICROPHONE, type OpenedSample, openedSample } from './opened-sample.ts';
import { showPart } from './timeline-hands.ts';

// A known sound is the browser's microphone: what is sent to the avatar and what comes back is listened to on the line.
const RATE = 16_000;
const FPS = 25;
const PERIOD = 4; // seconds: half of it silent, half of it said
const LOUD = 0.02; // of 40 ms, root mean square
const AS_LONG_AS_IT_TAKES_MS = 540_000; // less than a test may take, so that it says what it lacks
const folder = mkdtempSync(join(tmpdir(), 'likeness-microphone-'));
let sample: OpenedSample;
let page: Page;
let apertureOf: (expression: Float32Array) => number;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const showLive = (part: string) =>
  page.getByRole('radiogroup', { name: 'What of it is live' }).getByText(part, { exact: true }).click();
const perform = () => page.getByRole('region', { name: 'Perform', exact: true });

/** A picture as it came, and how much sound had been sent by then. */
interface Came {
  readonly frame: number;
  readonly seconds: number; // of the sound
  readonly aperture: number;
  readonly sent: number; // samples
}
/** What was sent while the microphone was on once, and what came of it. */
interface Listened {
  readonly serial: number;
  readonly first: number; // frame
  readonly heard: number[];
  readonly came: Came[];
}
const listened: Listened[] = [];

function listenIn(socket: WebSocket): void {
  if (!socket.url().endsWith('/live')) return;
  socket.on('framesent', ({ payload }) => {
    if (typeof payload !== 'string') return void listened.at(-1)?.heard.push(...decodeLiveSound(payload).samples);
    const told = JSON.parse(payload) as { type: string; serial: number; frame: number };
    if (told.type === 'listen') listened.push({ serial: told.serial, first: told.frame, heard: [], came: [] });
  });
  socket.on('framereceived', ({ payload }) => {
    if (typeof payload === 'string') return;
    const { serial, frame, expression } = decodeLivePicture(new Uint8Array(payload).buffer);
    const one = listened.find((other) => other.serial === serial);
    const seconds = (frame - (one?.first ?? 0)) / FPS;
    one?.came.push({ frame, seconds, aperture: apertureOf(expression), sent: one.heard.length });
  });
}

/** Of what was sent, the 40 ms about a moment. */
function levelAt({ heard }: Listened, seconds: number): number {
  const samples = heard.slice(Math.max(0, (seconds - 0.02) * RATE), Math.max(0, (seconds + 0.02) * RATE));
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}
const isLoud = (one: Listened, seconds: number): boolean =>
  levelAt(one, seconds) > LOUD && levelAt(one, seconds - 0.1) > LOUD;
const isSilent = (one: Listened, seconds: number): boolean =>
  Array.from({ length: 10 }, (_, k) => levelAt(one, seconds - (k / 9) * 0.3)).every((level) => level < LOUD / 10);

/** Pictures of moments that fit, whenever the microphone was on. */
const cameOf = (fits: (one: Listened, seconds: number) => boolean): Came[] =>
  listened.flatMap((one) => one.came.filter(({ seconds }) => fits(one, seconds)));

/** A computer that falls 20 s behind the microphone puts it off, and hears on from now where it is put on again. */
const putOnAgain = (): Promise<void> =>
  button('Microphone on').evaluateAll((all) => all.forEach((one) => (one as HTMLButtonElement).click()));

/** The shipped voice, 16-bit mono at 16 kHz, with as much silence before it. */
function microphoneFile(resources: string): string {
  const wav = readFileSync(join(resources, 'sample', 'voice.wav'));
  const said = wav.subarray(44 + RATE * 2 * 2, 44 + RATE * 2 * (2 + PERIOD / 2));
  const bytes = Buffer.concat([wav.subarray(0, 44), Buffer.alloc(RATE * PERIOD), said]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  const file = join(folder, 'microphone.wav');
  writeFileSync(file, bytes);
  return file;
}

oneStory();

beforeAll(async () => {
  const file = microphoneFile(join(import.meta.dirname, '..', 'resources'));
  sample = await openedSample({
    args: [...FAKE_MICROPHONE, `--use-file-for-fake-audio-capture=${file}`],
  });
  page = sample.page;
  const rig = readRig(await openBundle(join(sample.library, 'projects', sample.id, 'avatar.likeness')));
  apertureOf = (expression) => apertures(rig, expression)[0]!;
  page.on('websocket', listenIn);
  await sample.go(`/project/${sample.id}/perform`);
  await page.reload(); // so that its lines are heard from the beginning
  await page.getByText(/\d+p live/).waitFor();
});
afterAll(async () => {
  await sample?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Mean of the mouth's opening. */
const opening = (those: readonly Came[]): number =>
  those.reduce((sum, { aperture }) => sum + aperture, 0) / those.length;

test('somebody chooses a microphone, and is told who hears it before it is asked for', async () => {
  await showPart(page, 'Live');
  await perform().getByText('what it hears stays on this computer').waitFor();
  await page.getByLabel('Which microphone').selectOption('Fake Audio Input 1');
  expect(await page.getByLabel('Level of the microphone').getAttribute('value')).toBe('0');
  expect(await seriousFindings(page)).toEqual([]);
});

test('the mouth follows what the microphone hears, never ahead of it and never back', async () => {
  await button('Microphone on').focus();
  await page.keyboard.press('Enter');
  const sign = page.getByRole('status').filter({ hasText: 'Microphone on' });
  await sign.waitFor();
  await page.getByText(/ms behind your voice/).waitFor();
  await expect
    .poll(() => page.getByLabel('Level of the microphone').evaluate((meter: HTMLMeterElement) => meter.value))
    .toBeGreaterThan(0.05);
  // On a busy computer pictures are few: some of moments with a voice and some without, however long they take.
  const fewest = async () => {
    await putOnAgain();
    return Math.min(cameOf(isLoud).length, cameOf(isSilent).length);
  };
  await expect.poll(fewest, { timeout: AS_LONG_AS_IT_TAKES_MS }).toBeGreaterThan(4);
  for (const { came } of listened) {
    const frames = came.map(({ frame }) => frame);
    expect(frames).toEqual([...new Set(frames)].toSorted((a, b) => a - b));
    // The sound that a picture is of, and 120 ms after it, was sent before the picture came; a frame is the nearest.
    for (const { seconds, sent } of came) expect(sent / RATE).toBeGreaterThan(seconds + 0.12 - 0.5 / FPS - 0.011);
  }
  expect(opening(cameOf(isLoud))).toBeGreaterThan(2 * opening(cameOf(isSilent)));
  expect(await seriousFindings(page)).toEqual([]);
});

test('what came is painted, after the end of the video too', async () => {
  const { duration } = (await sample.host.studio.projects.get(sample.id)).source;
  const shown = async () => {
    await putOnAgain();
    return (listened.at(-1)?.came.at(-1)?.frame ?? 0) / FPS;
  };
  await expect.poll(shown, { timeout: AS_LONG_AS_IT_TAKES_MS }).toBeGreaterThan(duration + 0.2);
  const stage = page.locator('.viewer-stage canvas').first();
  const painted = () => stage.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await painted();
  await expect.poll(painted).not.toBe(before);
});

test('a page for OBS shows the performance and nothing else, on nothing', async () => {
  await showLive('OBS');
  await button('Copy address').click();
  const address = await page.getByLabel('Address for OBS').inputValue();
  expect(new URL(address).hostname).toBe('127.0.0.1');
  const outside = await page.context().browser()!.newPage(); // with no cookie of ours
  outside.on('pageerror', (error) => sample.complaints.push(error.message));
  await outside.goto(address);
  /** Of the canvas: how much of it hides what is behind it, how much of it hides nothing, and a sum of it all. */
  const seen = () =>
    outside.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const alpha = data.filter((_, i) => i % 4 === 3);
      const share = (fits: (value: number) => boolean) => alpha.filter(fits).length / alpha.length;
      return {
        whole: share((value) => value > 250),
        nothing: share((value) => value === 0),
        sum: data.reduce((a, b) => a + b, 0),
      };
    });
  await expect.poll(async () => (await seen()).whole).toBeGreaterThan(0.2);
  const { nothing, sum } = await seen();
  expect(nothing).toBeGreaterThan(0.1);
  expect(await outside.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
    'rgba(0, 0, 0, 0)',
  );
  expect(await outside.locator('button, a, input').count()).toBe(0);
  await expect.poll(async () => (await seen()).sum).not.toBe(sum); // it moves
  await outside.close();
  const opened = page.context().waitForEvent('page');
  await button('Open in a window').click();
  const own = await opened;
  await own.locator('canvas').waitFor();
  expect(own.url()).toBe(address);
  await own.close();
  for (const [width, height] of [
    [1280, 800],
    [1024, 700],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(300);
    const beyond = await perform().evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    expect(beyond, `${width} wide`).toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await showLive('Microphone');
  expect(await seriousFindings(page)).toEqual([]);
});

test('what is recorded lies on the timeline where the playhead was, and undo takes it off', async () => {
  await button('Record').click();
  await page.getByRole('timer').getByText('00:04').waitFor();
  await button('Stop recording').click();
  const clip = page.getByRole('slider', { name: /^Start of Recording/ });
  await clip.waitFor();
  await button('Microphone off').waitFor(); // the microphone stays on
  const { sounds } = await sample.host.studio.projects.get(sample.id);
  const recorded = sounds.find(({ name }) => name.startsWith('Recording'))!;
  expect(recorded.seconds).toBeGreaterThan(3.9);
  const wav = readFileSync(await sample.host.studio.timeline.soundFile(sample.id, recorded.id));
  expect([wav.toString('latin1', 0, 4), wav.readUInt16LE(34)]).toEqual(['RIFF', 16]);
  await page.keyboard.press('Control+z');
  await clip.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Shift+z');
  await clip.waitFor();
});

test('what plays puts the microphone off', async () => {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await button('Microphone on').waitFor();
  expect(await page.getByText('Recording', { exact: true }).count()).toBe(0);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const before = listened.at(-1)!.heard.length;
  await page.waitForTimeout(300);
  expect(listened.at(-1)!.heard.length).toBe(before);
});

test('nothing of all this was complained about', () => {
  expect(sample.complaints).toEqual([]);
});
