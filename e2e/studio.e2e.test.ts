import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { buildWindow } from './build-window.ts';
import { shortSample } from './short-sample.ts';
import { clientOn, cookieOf } from './studio-client.ts';

// The window as a person uses it, against the web host: one story, each test goes on where the one before it ended.
const library = mkdtempSync(join(tmpdir(), 'likeness-window-'));
const complaints: string[] = [];
let video = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

const step = (name: string) => page.getByRole('radiogroup', { name: 'Step' }).getByText(name, { exact: true });
const button = (name: string | RegExp) => page.getByRole('button', { name });

beforeAll(async () => {
  buildWindow();
  video = await shortSample();
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
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
  expect(await seriousFindings(page)).toEqual([]);
});

test('something that is not a video is refused in words', async () => {
  await page.setInputFiles('input[type=file]', { name: 'notes.mp4', mimeType: 'video/mp4', buffer: Buffer.from('not a video') });
  await page.getByLabel('is me').check();
  await button('Import').click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await button('Close').click();
  expect(host.studio.projects()).toEqual([]);
});

test('a video is dropped, asked about and checked', async () => {
  await drop(video, 'Ada, spring talk.mp4');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  expect(await dialog.getByLabel('Name of the project').inputValue()).toBe('Ada, spring talk');
  expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true); // nobody said whose face it is
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByLabel('is not a real person').check();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('region', { name: 'Input check' }).waitFor({ timeout: 120_000 });
  await page.getByText(/\d+ of 100 frames are good/).first().waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByText('/ 00:04.000').waitFor();
});

test('a training is started, stopped, and can be resumed', async () => {
  await button('Go on to Train').click();
  await page.getByLabel('Demo').check();
  await button('Train').click();
  await page.getByText('Preparing the frames').waitFor({ timeout: 60_000 });
  await button('Stop').click();
  await page.getByText('Stopped.').waitFor();
  await button('Resume').waitFor();
  expect(host.studio.listJobs()[0]).toMatchObject({ kind: 'train', state: { kind: 'cancelled' } });
});

test('the window follows a training to its end', async () => {
  // The presets of the window last for minutes; a second window on the same studio asks for less.
  const other = clientOn(host.url, await cookieOf(host.url));
  const [project] = await other.client.projects.list();
  await other.client.work.train({ id: project!.id, preset: 'demo', device: 'cpu', minutes: 0.3, resume: false });
  other.close();
  await page.getByRole('progressbar').waitFor();
  await button(/Jobs 1/).waitFor();
  await page.getByRole('img', { name: /held-out PSNR/ }).waitFor({ timeout: 120_000 });
  await page.getByRole('img', { name: /Held-out frames/ }).waitFor({ timeout: 120_000 });
  await page.reload(); // and a window that comes late shows the same
  await page.getByRole('img', { name: /held-out PSNR/ }).waitFor();
  await page.getByRole('region', { name: 'Held-out quality' }).waitFor({ timeout: 180_000 });
  expect(await seriousFindings(page)).toEqual([]);
});

test('the avatar speaks in an MP4 that plays and can be taken away', async () => {
  await step('Export').click();
  await page.getByLabel('Portrait').check();
  await button('Export MP4').click();
  const made = page.getByRole('region', { name: 'Exports' });
  await made.or(page.getByText('Technical detail')).waitFor({ timeout: 120_000 });
  expect(host.studio.listJobs()[0]!.state).toMatchObject({ kind: 'done' });
  expect(await seriousFindings(page)).toEqual([]);
  await made.getByRole('button', { name: /^Portrait/ }).click();
  const player = page.getByLabel(/Exported video/);
  await player.evaluate((film: HTMLVideoElement) => film.play());
  await page.waitForFunction(() => (document.querySelector<HTMLVideoElement>('.viewer video')?.currentTime ?? 0) > 0.5);
  expect(await player.evaluate((film: HTMLVideoElement) => [film.duration, film.videoHeight])).toEqual([expect.closeTo(4, 0), 360]);
  const [download] = await Promise.all([page.waitForEvent('download'), made.getByRole('link', { name: /Download/ }).click()]);
  expect(download.suggestedFilename()).toMatch(/^portrait .*\.mp4$/);
  expect(statSync(await download.path()).size).toBeGreaterThan(10_000);
});

test('a project is renamed and removed with the keyboard', async () => {
  await page.goto(new URL('/', host.url).href);
  await button('More about Ada, spring talk').press('Enter');
  await page.getByRole('menuitem', { name: 'Rename…' }).press('Enter');
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('Ada');
  await name.press('Enter');
  await button('More about Ada').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await button('More about Ada').press('Enter');
  await page.getByRole('menuitem', { name: 'Remove…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
  await page.getByText('Twenty seconds or more').waitFor();
  expect(host.studio.projects()).toEqual([]);
});

test('nothing was reported to the console on the way', () => {
  expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
});

/** Drops a file on the window, as a mouse would. */
async function drop(path: string, name: string): Promise<void> {
  const bytes = readFileSync(path).toString('base64');
  const files = await page.evaluateHandle(
    ([content, fileName]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(content!), (c) => c.charCodeAt(0))], fileName!, { type: 'video/mp4' }));
      return transfer;
    },
    [bytes, name],
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: files });
  const veil = page.getByText('Drop to import');
  await veil.waitFor();
  for (const type of ['dragenter', 'dragover', 'drop']) await veil.dispatchEvent(type, { dataTransfer: files });
}
