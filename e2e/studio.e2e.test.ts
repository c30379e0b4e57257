import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { dropOnTimeline, dropOnWindow } from './dropping.ts';
import { oneStory } from './one-story.ts';
import { complaintsOf, picturesShown } from './opened-window.ts';
import { PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';
import { tellStory, videoFile } from './story.ts';
import { clientOn, cookieOf } from './studio-client.ts';

// The window as a person uses it, against the web host: one story, each test goes on where the one before it ended.
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
