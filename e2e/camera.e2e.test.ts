import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { headAngles, motionTrack, openAvatar } from '../src/main/studio/engine/index.ts';
import { mannerOf, performanceOf } from '../src/main/studio/takes/index.ts';
import { parseSafetensors } from '../src/shared/binary/index.ts';
import { decodeCameraPicture } from '../src/shared/contract/live-camera.ts';
import { decodeLivePicture, type LivePicture, LiveReply } from '../src/shared/contract/live.ts';
import { valueAt } from '../src/shared/domain/lanes/index.ts';
import { seriousFindings } from './accessibility.ts';
import { numberedCamera, numberOf, SIDE } from './numbered-camera.ts';
import { FAKE_MICROPHONE } from './opened-sample.ts';
import { openedWindow } from './opened-window.ts';
import { oneStory } from './one-story.ts';
import { shortSample, truthOf } from './short-sample.ts';
import { clientOn, cookieOf } from './studio-client.ts';
import { showPart } from './timeline-hands.ts';

// A film of the synthetic person is the browser's camera: what is sent, driven and drawn of it is read on the line.
type Driven = Extract<LiveReply, { type: 'driven' }>;
const folder = mkdtempSync(join(tmpdir(), 'likeness-camera-'));
const FPS = 25;
/** In which somebody who is found takes over, and so do those who are smoothed. */
const SETTLED = 1;
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let project = '';
let other: ReturnType<typeof clientOn>;
/** Truth of each picture of the film, degrees. */
let trueYaws: number[];

const numbers = new Map<number, number>(); // of the film's picture, by the serial it was sent with
const driven: Driven[] = [];
const pictures: LivePicture[] = [];
let calmAt = Infinity;

function listenIn(socket: WebSocket): void {
  if (!socket.url().endsWith('/live')) return;
  socket.on('framesent', ({ payload }) => {
    if (typeof payload === 'string') return;
    const { serial, planes } = decodeCameraPicture(payload, { width: SIDE, height: SIDE });
    numbers.set(serial, numberOf(planes));
  });
  socket.on('framereceived', ({ payload }) => {
    if (typeof payload !== 'string')
      return void pictures.push({ ...decodeLivePicture(new Uint8Array(payload).buffer), rgba: new Uint8Array() });
    const reply = LiveReply.parse(JSON.parse(payload));
    if (reply.type === 'driven') driven.push(reply);
    if (reply.type === 'calm') calmAt = Math.min(calmAt, driven.at(-1)?.at ?? 0);
  });
}

const button = (name: string | RegExp) => page.getByRole('button', { name });
const perform = () => page.getByRole('region', { name: 'Perform', exact: true });
const take = async () => (await other.client.takes.get({ id: project })).take;
/** What is all theirs. */
const settled = () => driven.filter(({ at, found }) => found && at > calmAt + SETTLED);

oneStory();

beforeAll(async () => {
  const film = await shortSample();
  const truth = motionTrack('track', parseSafetensors(readFileSync(truthOf(film))));
  trueYaws = Array.from(
    { length: truth.frames },
    (_, k) =>
      headAngles({
        rotation: truth.rotation.subarray(k * 9, k * 9 + 9),
        translation: truth.translation.subarray(k * 3, k * 3 + 3),
      }).yaw,
  );
  host = await serve({ libraryDir: join(folder, 'library') });
  const ada = { path: film, name: 'Ada', consent: { basis: 'synthetic' } } as const;
  project = (await host.studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  other = clientOn(host.url, await cookieOf(host.url));
  const args = [...FAKE_MICROPHONE, `--use-file-for-fake-video-capture=${await numberedCamera(film, folder)}`];
  ({ browser, page, complaints } = await openedWindow(host.url, { args }));
  page.on('websocket', listenIn);
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await page.reload(); // so that its lines are heard from the beginning
  await page.getByText(/\d+p live/).waitFor();
});
afterAll(async () => {
  other?.close();
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Without what was still under way when the recording began: it went back to the playhead. */
function sinceRecording<T>(all: readonly T[], timeOf: (one: T) => number): readonly T[] {
  return all.slice(
    Math.max(
      0,
      all.findLastIndex((one, k) => k > 0 && timeOf(one) < timeOf(all[k - 1]!)),
    ),
  );
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [left, right] = [a, b].map((values) => values.map((value) => value - mean(values))) as [number[], number[]];
  const product = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

test('somebody chooses a camera, and is told who sees it before it is asked for', async () => {
  await showPart(page, 'Live');
  await page.getByRole('radiogroup', { name: 'What of it is live' }).getByText('Camera', { exact: true }).click();
  await perform().getByText('what it sees stays on this computer').waitFor();
  await page.getByLabel('Which camera').selectOption({ index: 0 });
  expect(await seriousFindings(page)).toEqual([]);
});

test('the avatar turns its head as the person before the camera does', async () => {
  await button('Camera on').focus();
  await page.keyboard.press('Enter');
  await perform().getByText('Your face is seen.').waitFor();
  await page.getByRole('status').filter({ hasText: 'Camera on' }).waitFor();
  await expect.poll(() => settled().length).toBeGreaterThan(100);
  const theirs = settled();
  const truth = theirs.map(({ serial }) => trueYaws[numbers.get(serial)!]!);
  expect(Math.max(...truth) - Math.min(...truth)).toBeGreaterThan(3); // they do turn
  expect(
    correlation(
      truth,
      theirs.map(({ values }) => values['head.yaw']!),
    ),
  ).toBeGreaterThan(0.85);
  await page.getByText(/ms behind the camera/).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test('each picture of the avatar shows what was driven at its moment', () => {
  const byFrame = Map.groupBy(settled(), ({ at }) => Math.round(at * FPS)); // a camera may be faster than the avatar
  const shown = pictures.filter(({ frame }) => byFrame.has(frame));
  expect(shown.length).toBeGreaterThan(20);
  for (const picture of shown) {
    const away = byFrame
      .get(picture.frame)!
      .map(({ values }) => Math.abs(headAngles(picture).yaw - values['head.yaw']!));
    expect(Math.min(...away)).toBeLessThan(0.02);
  }
  const frames = shown.map(({ frame }) => frame);
  expect(frames).toEqual(frames.toSorted((a, b) => a - b));
});

test('a part that is switched off is the take’s again', async () => {
  const gaze = perform().getByText('Gaze', { exact: true });
  await gaze.click();
  await expect.poll(() => Object.keys(driven.at(-1)!.values)).not.toContain('gaze.yaw');
  expect(Object.keys(driven.at(-1)!.values)).toContain('head.yaw');
  await gaze.click();
  await expect.poll(() => Object.keys(driven.at(-1)!.values)).toContain('gaze.yaw');
});

test('where somebody is, and how the shoulders are held, is driven once it is switched on', async () => {
  expect(Object.keys(driven.at(-1)!.values)).not.toContain('head.x');
  const lanes = ['head.x', 'head.y', 'head.size', 'shoulders.x', 'shoulders.y', 'shoulders.roll'] as const;
  const parts = page.getByRole('group', { name: 'What the camera drives' });
  for (const part of ['Place', 'Shoulders']) await parts.getByText(part, { exact: true }).click();
  await expect.poll(() => Object.keys(driven.at(-1)!.values)).toEqual(expect.arrayContaining([...lanes]));
  for (const part of ['Place', 'Shoulders']) await parts.getByText(part, { exact: true }).click();
  await expect.poll(() => Object.keys(driven.at(-1)!.values)).not.toContain('head.x');
});

test('recorded lanes give the film that was seen, and undo takes them off', async () => {
  await button('Record the camera').click();
  await button('Stop recording').waitFor();
  driven.splice(0);
  pictures.splice(0);
  await expect.poll(() => driven.length).toBeGreaterThan(70);
  await button('Stop recording').click();
  await expect.poll(async () => (await take()).lanes['head.yaw']?.keys.length ?? 0).toBeGreaterThan(1);
  const recorded = await take();
  const keys = recorded.lanes['head.yaw']!.keys;
  const last = keys.at(-1)!.at;
  const during = sinceRecording(driven, ({ at }) => at).filter(({ at }) => at <= last);
  expect(during.length).toBeGreaterThan(50);
  expect(keys.length).toBeLessThan(during.length);
  for (const { at, values } of during) expect(Math.abs(valueAt(keys, at)! - values['head.yaw']!)).toBeLessThan(0.51);
  const avatar = await openAvatar(TINY);
  const { pose, speech, lanes } = recorded;
  const said = { expression: new Float32Array(0), pitch: new Float32Array(0), accents: new Float32Array(0), begins: 0 };
  const film = performanceOf(avatar, { pose, lanes, said, manner: mannerOf(avatar, speech, lanes) });
  const shown = sinceRecording(pictures, ({ frame }) => frame).filter(({ frame }) => frame < Math.floor(last * FPS));
  expect(shown.length).toBeGreaterThan(10);
  // half a degree is left out of lanes, and a frame is next to the moment of its picture
  for (const picture of shown)
    expect(Math.abs(headAngles(film.frame(picture.frame).control).yaw - headAngles(picture).yaw)).toBeLessThan(1.5);
  await avatar.close();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await take()).lanes).toEqual({});
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(async () => Object.keys((await take()).lanes)).toContain('head.yaw');
});

test('the panel needs no scrolling while the camera is on', async () => {
  for (const [width, height] of [
    [1280, 800],
    [1024, 700],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect
      .poll(() => perform().evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight))
      .toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('what plays puts the camera off', async () => {
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await button('Camera on').waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  expect(await page.getByText('Camera on', { exact: true }).count()).toBe(1); // the button, and no sign
});

test('nothing of all this was complained about', () => {
  expect(complaints.join('\n')).toBe('');
});
