import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { probeVideo, readFrames } from '../src/main/studio/media/index.ts';
import { writeVoice } from '../src/main/studio/voices/voice.fixture.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { dropOnTimeline, dropOnWindow } from './dropping.ts';
import { oneStory } from './one-story.ts';
import { complaintsOf, picturesShown } from './opened-window.ts';
import { PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';
import { tellStory, videoFile } from './story.ts';
import { clientOn, cookieOf } from './studio-client.ts';
import { showPart } from './timeline-hands.ts';

// The window as a person uses it, against the web host: one story, each test goes on where the one before it ended.
const TEXT = 'Good morning. And welcome.';
const library = mkdtempSync(join(tmpdir(), 'likeness-window-'));
const complaints: string[] = [];
let video = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name });

oneStory();

beforeAll(async () => {
  video = await shortSample();
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE_MS);
  complaintsOf(page, complaints);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('the first visit shows an empty library, and the key leaves the address', async () => {
  await page.goto(host.url);
  await page.getByRole('heading', { name: 'Drop a video of one person talking' }).waitFor();
  expect(page.url()).not.toContain('token');
});

test('something that is not a video is refused in words', async () => {
  // The upload is held, so that a slow one can be looked at.
  const held = Promise.withResolvers<void>();
  await page.route('**/upload?*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await dropOnWindow(page, { name: 'notes.mp4', type: 'video/mp4', bytes: Buffer.from('not a video') });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('progressbar').waitFor({ state: 'attached' });
  expect(await seriousFindings(page)).toEqual([]);
  held.resolve();
  // Before anybody is asked whose face it is, and there where it was asked for.
  expect(await dialog.getByRole('alert').textContent()).toMatch(/^notes\.mp4This video .* can be read/);
  expect(await dialog.getByRole('radio').count()).toBe(0);
  expect(await seriousFindings(page)).toEqual([]);
  await page.unroute('**/upload?*');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'detached' });
  expect(host.studio.projects.list()).toEqual([]);
});

describe('the main job', () => {
  tellStory(
    () => ({
      page,
      bringVideo: (path, name) => dropOnWindow(page, videoFile(path, name)),
      bringSound: ({ name, bytes }, second, length) =>
        dropOnTimeline(page, { name, type: 'audio/wav', bytes }, second / (length * 1.04)),
      trainShortly: async () => {
        const other = clientOn(host.url, await cookieOf(host.url));
        const [project] = await other.client.projects.list();
        await other.client.work.train({ id: project!.id, preset: 'draft', device: 'cpu', minutes: 0.3, resume: false });
        other.close();
      },
      takeAway: async (link) => {
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
        return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
      },
    }),
    () => video,
  );
});

describe('from a text', () => {
  const panel = (name: string) => page.getByRole('region', { name, exact: true });
  const projectId = () => host.studio.projects.list()[0]!.id;
  const films = async () =>
    (await host.studio.projects.get(projectId())).exports.filter(({ name }) => name.endsWith('.mp4'));

  test('a voice says it, behind what is on the timeline', async () => {
    await host.studio.system.addModel(writeVoice(join(library, 'Hum.onnx')));
    await page.goto(new URL(`/#/project/${projectId()}/perform`, host.url).href);
    await page.reload();
    await showPart(page, 'Script');
    await panel('Script').getByRole('textbox', { name: 'Script' }).fill(TEXT);
    await panel('Script').getByRole('button', { name: 'Speak', exact: true }).click();
    await page.getByRole('slider', { name: /^Start of Good morning/ }).waitFor();
    const { sounds } = await host.studio.projects.get(projectId());
    expect(sounds.filter(({ spoken }) => spoken)).toHaveLength(1);
  });

  test('an upright film shows its words while they are said', async () => {
    const [before] = await films();
    await page.goto(new URL(`/#/project/${projectId()}/export`, host.url).href);
    await page.getByRole('radio', { name: 'The timeline' }).check();
    await page.getByRole('radio', { name: 'Portrait' }).check();
    await panel('Export').getByLabel('Height', { exact: true }).selectOption('360');
    await panel('Export').getByLabel('Shape', { exact: true }).selectOption('9:16');
    await panel('Export').getByRole('combobox', { name: 'Captions' }).selectOption('burn');
    await page.getByRole('button', { name: /^Export MP4/ }).click();
    const made = () =>
      host.studio.jobs
        .list()
        .filter(({ kind }) => kind === 'export')
        .map(({ state }) => state.kind);
    await expect.poll(made, { timeout: 2 * PATIENCE_MS }).toEqual(['done', 'done']);
    const { name } = (await films()).find((film) => film.name !== before!.name)!;
    const path = join(host.studio.avatars.exportsFolder(projectId()), name);
    const tools = await host.studio.tools();
    const { source } = await probeVideo(tools, path);
    expect([source.width, source.height]).toEqual([202, 360]);
    const [said] = (await host.studio.projects.get(projectId())).sounds.filter(({ spoken }) => spoken);
    const clip = host.studio.timeline.take(projectId()).take.clips.find(({ sound }) => sound === said!.id)!;
    expect(source.duration).toBeCloseTo(clip.at + clip.seconds, 1);
    const white: number[] = [];
    for await (const { pixels } of readFrames(tools, await probeVideo(tools, path))) {
      const lower = pixels.subarray(252 * 202 * 3, 313 * 202 * 3); // of 360 rows; captions end 16 % from below
      white.push(lower.filter((_, k) => k % 3 === 0 && Math.min(...lower.subarray(k, k + 3)) > 200).length);
    }
    const { times } = (await host.studio.voices.script(projectId(), said!.id))!;
    const at = (seconds: number) => white[Math.floor((clip.at + seconds) * source.fps)]!;
    expect(at(times.words[0]!.from + 0.1) - at(-0.5)).toBeGreaterThan(30);
    expect(at(times.words.at(-1)!.from + 0.1) - at(-0.5)).toBeGreaterThan(30);
  });
});

test('a project is renamed and removed with the keyboard', async () => {
  await page.goto(new URL('/', host.url).href);
  await button('More about Ada, spring talk').press('Enter');
  await page.getByRole('menuitem', { name: 'Rename…' }).press('Enter');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Ada');
  expect(await seriousFindings(page)).toEqual([]);
  await name.press('Enter');
  await button('More about Ada').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await picturesShown(page);
  await button('More about Ada').press('Enter');
  await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
  await page.getByText('Twenty seconds or more').waitFor();
  expect(host.studio.projects.list()).toEqual([]);
});

test('and comes back: by undo, and from the trash of the library', async () => {
  await page.keyboard.press('Control+z');
  await button('More about Ada').waitFor();
  await picturesShown(page);
  await button('More about Ada').click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Twenty seconds or more').waitFor();
  await page.reload(); // which forgets what could be undone
  await button('Removed projects (1)').click();
  expect(await seriousFindings(page)).toEqual([]);
  await button('Bring back Ada').click();
  await page.keyboard.press('Escape');
  await button('More about Ada').waitFor();
  const [project] = host.studio.projects.list();
  expect(project).toMatchObject({ name: 'Ada', trained: true });
});

test('nothing was reported to the console on the way', () => {
  expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
});
