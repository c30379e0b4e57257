import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { conditionsNow, keepTimes } from '../src/main/studio/training/training-times.ts';
import { threadsFor } from '../src/main/studio/system/environment.ts';
import { VERSION } from '../src/main/studio/ground/product.ts';
import { pidOf } from '../src/main/studio/jobs/index.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { complaintsOf } from './opened-window.ts';
import { PATIENCE_MS, TRAINING_PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';

// Everything around a project: the palette, settings, jobs and the library; one story, each test goes on where the one
// before it ended.
const library = mkdtempSync(join(tmpdir(), 'likeness-house-'));
const complaints: string[] = [];
let video = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const dialog = (name: string) => page.getByRole('dialog', { name });

beforeAll(async () => {
  video = await shortSample();
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 720 },
    colorScheme: 'dark',
    acceptDownloads: true,
  });
  page = await opened(host.url);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

async function opened(address: string): Promise<Page> {
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE_MS);
  complaintsOf(tab, complaints);
  await tab.goto(address);
  await tab.getByRole('banner').waitFor();
  return tab;
}

/** The process group of the job that runs. */
async function firstWorker(): Promise<number> {
  const worker = () => host.studio.library.jobs.list().find(({ state }) => state.kind === 'running')?.worker;
  await expect.poll(worker).toBeTruthy();
  return pidOf(worker()!);
}

/** By the palette: a few letters, and Enter once the command is the first of what is found. */
async function command(letters: string, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const search = page.getByRole('textbox', { name: 'Find a command or a project' });
  await search.waitFor();
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Find a command or a project',
  );
  await page.keyboard.type(letters);
  await dialog('Commands and projects').getByText(title, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await search.waitFor({ state: 'hidden' });
}

test('an empty library says what to do, and offers the sample', async () => {
  await page.getByRole('heading', { name: 'Drop a video of one person talking' }).waitFor();
  await page.getByRole('region', { name: 'What kind of video works best' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await button('Try it with the sample person').click();
  await page.getByRole('progressbar').waitFor({ state: 'attached' }); // at 0 it has no width
  expect(host.studio.jobs.list()[0]).toMatchObject({ kind: 'demo-sample', projectId: null });
  await button('Stop').click();
  await page.getByText('Stopped.').waitFor();
});

test('the palette finds a command by a few letters and gives it, without a mouse', async () => {
  await page.keyboard.press('Control+k');
  await dialog('Commands and projects').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.type('about lik');
  await page.keyboard.press('Enter');
  await dialog('Settings')
    .getByRole('heading', { name: /^Likeness \d/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await dialog('Settings').waitFor({ state: 'hidden' });
});

test('every page of the settings opens by keyboard and is accessible', async () => {
  await page.keyboard.press('Control+,');
  const settings = dialog('Settings');
  for (const name of ['General', 'Shortcuts', 'Models', 'Check a file', 'About']) {
    await settings.getByRole('tab', { name }).click();
    await settings.getByRole('tabpanel', { name }).waitFor();
    await page.waitForTimeout(300); // the panel's own questions to the core
    expect(await seriousFindings(page)).toEqual([]);
  }
  await settings.getByRole('row', { name: /^torch / }).waitFor();
  await settings.getByRole('tab', { name: 'General' }).click();
  await settings.getByText(library).waitFor();
});

test('a theme chosen here is the theme of every tab, and of the next visit', async () => {
  const other = await opened(new URL(host.url).origin);
  const scheme = (tab: Page) => tab.locator('html').getAttribute('data-mantine-color-scheme');
  expect(await scheme(other)).toBe('dark'); // as the system
  await dialog('Settings').getByRole('radiogroup', { name: 'Theme' }).getByText('Light').click();
  await other.locator('html[data-mantine-color-scheme="light"]').waitFor();
  expect(await scheme(page)).toBe('light');
  expect(await seriousFindings(page)).toEqual([]);
  await other.reload();
  await other.locator('html[data-mantine-color-scheme="light"]').waitFor();
  expect(host.studio.settings.get().theme).toBe('light');
  await other.close();
});

test('a shortcut can be changed, a conflict is named, and the new one works at once', async () => {
  const settings = dialog('Settings');
  await settings.getByRole('tab', { name: 'Shortcuts' }).click();
  await settings.getByRole('textbox', { name: 'Find a command' }).fill('jobs');
  await settings.getByRole('button', { name: 'Add a shortcut for Jobs' }).click();
  await page.keyboard.press('Control+k');
  await settings.getByRole('alert').getByText('“Find a command or a project”').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await settings.getByRole('button', { name: 'Keep' }).click();
  await settings.getByRole('button', { name: 'Add a shortcut for Jobs' }).click();
  await page.keyboard.press('y');
  await settings.getByRole('button', { name: 'Remove Y from Jobs' }).waitFor();
  await settings.getByRole('textbox', { name: 'Find a command' }).press('y'); // typing is typing
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
  await page.keyboard.press('y');
  await dialog('Jobs').waitFor();
  await page.keyboard.press('Escape');
  await dialog('Jobs').waitFor({ state: 'hidden' });
  expect(host.studio.settings.get().shortcuts).toEqual({ 'window.jobs': ['Mod+J', 'Y'] });
  await page.keyboard.press('?');
  await settings.getByRole('button', { name: 'Reset all' }).click();
  await settings.getByRole('button', { name: 'Remove Y from Jobs' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
  await page.keyboard.press('y');
  expect(await dialog('Jobs').count()).toBe(0);
});

test('several videos are imported with one answer, each with its own progress', async () => {
  await page.getByTestId('choose-videos').setInputFiles(
    ['Grace Hopper, interview', 'Second take'].map((name) => ({
      name: `${name}.mp4`,
      mimeType: 'video/mp4',
      buffer: readFileSync(video),
    })),
  );
  const asking = dialog('Whose face is this?');
  await asking.getByLabel('is not a real person').check();
  await asking.getByLabel('The same for all 2 videos').check();
  expect(await seriousFindings(page)).toEqual([]);
  await asking.getByRole('button', { name: 'Import' }).click();
  await asking.waitFor({ state: 'hidden' });
  await page.getByRole('region', { name: 'Projects' }).getByRole('article').nth(1).waitFor();
  expect(
    host.studio.projects
      .list()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Grace Hopper, interview', 'Second take']);
});

test('waiting jobs change places, a log is read while it grows, and the past is cleared', async () => {
  const [newest] = host.studio.projects.list();
  host.studio.training.analyze(newest!.id);
  await page.keyboard.press('Control+j');
  const jobs = dialog('Jobs');
  const waiting = jobs.getByRole('region', { name: 'Waiting' });
  const held = await firstWorker();
  process.kill(-held, 'SIGSTOP'); // it would end while the others change places
  await expect.poll(() => waiting.getByRole('article').count()).toBe(2);
  const queue = () =>
    host.studio.jobs
      .list()
      .filter(({ kind, state }) => kind === 'analyze' && state.kind === 'queued')
      .toSorted((a, b) => a.position - b.position)
      .map(({ id }) => id);
  const before = queue();
  await waiting.getByRole('button', { name: 'Begin Check earlier' }).click();
  await expect.poll(queue).toEqual(before.toReversed());
  process.kill(-held, 'SIGCONT');
  expect(await seriousFindings(page)).toEqual([]);

  await jobs
    .getByRole('region', { name: 'Running' })
    .getByRole('article', { name: /^Check/ })
    .getByRole('button', { name: 'Log' })
    .click();
  await page
    .getByRole('log')
    .getByText(/stage 1 of/)
    .waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('log').waitFor({ state: 'hidden' });

  for (const _ of before) await waiting.getByRole('button', { name: 'Stop' }).first().click();
  await waiting.waitFor({ state: 'hidden' });
  await jobs.getByRole('region', { name: 'Past' }).getByRole('button', { name: 'Clear' }).click();
  await jobs.getByRole('region', { name: 'Past' }).waitFor({ state: 'hidden' });
  // cleared, not forgotten
  expect(host.studio.jobs.list().filter(({ state }) => state.kind === 'cancelled').length).toBeGreaterThanOrEqual(2);
  await page.keyboard.press('Escape');
});

test('a preset says how long it takes once that was measured, and how to find out before', async () => {
  const checked = host.studio.jobs.list().find(({ kind, state }) => kind === 'analyze' && state.kind !== 'cancelled')!;
  await page.goto(`${new URL(host.url).origin}/#/project/${checked.projectId}/train`);
  const panel = page.getByRole('region', { name: 'Train' });
  await panel.getByText('has not been measured').waitFor({ timeout: TRAINING_PATIENCE_MS });
  const measure = panel.getByRole('button', { name: 'Measure (about 20 s)' });
  await expect.poll(() => measure.isEnabled()).toBe(true); // when nothing else runs
  const { device, threads } = host.studio.settings.get();
  await keepTimes(library, conditionsNow(device, threadsFor(threads), VERSION), {
    device: 'cpu',
    threads: 2,
    secondsByPreset: { instant: 41, draft: 905, standard: 4010 },
    secondsPerStep: {},
  });
  await page.reload();
  await panel.getByText('Measured on this computer: processor, 2 threads.').waitFor();
  await panel.getByText('About 40 s.').waitFor();
  await panel.getByText('About 15 min.').waitFor();
  await panel.getByText('About 1 h 5 min.').waitFor();
  expect(await panel.getByText(/^About/).count()).toBe(3); // what was not measured claims nothing
  expect(await seriousFindings(page)).toEqual([]);
});

test('the debug report tells of versions and failures, and of nobody', async () => {
  const job = host.studio.jobs.list().find(({ kind, state }) => kind === 'analyze' && state.kind === 'done')!;
  appendFileSync(
    join(host.studio.library.paths.job(job.id), 'trainer.log'),
    [
      'Traceback',
      '  File "/home/grace/likeness/trainer/likeness_trainer/tracking/scan.py", line 7',
      "cannot open '/media/My Films/Grace Hopper.mov' of Grace Hopper, interview " +
        `on ${hostname()} for ${userInfo().username}`,
      '',
    ].join('\n'),
  );
  await command('debug', 'Debug report');
  const report = page.getByRole('region', { name: 'Debug report' });
  await report.waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const text = await report.innerText();
  expect(text).toMatch(/^torch \d/m);
  expect(text).toMatch(/^node \d/m);
  expect(text).toContain('File "scan.py", line 7');
  expect(text).toContain("cannot open '<file>.mov' of <project");
  for (const secret of ['Grace', 'Hopper', 'interview', 'Second take', library, '/home/', 'My Films'])
    expect(text).not.toContain(secret);
  for (const name of [userInfo().username, hostname()])
    expect(text).not.toMatch(new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'iu'));
  const [saved] = await Promise.all([page.waitForEvent('download'), button('Save as text').click()]);
  expect(readFileSync(await saved.path(), 'utf8')).toBe(
    text.replaceAll('\u00a0', ' ').endsWith('\n') ? text : `${text}\n`,
  );
  await page.keyboard.press('Escape');
});

test('a sample that was drawn before is a project at once', async () => {
  mkdirSync(join(library, 'sample'), { recursive: true });
  copyFileSync(video, join(library, 'sample', 'sample.mp4'));
  await command('library', 'Library');
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  await command('sample person', 'Try it with the sample person');
  await page.waitForURL(/#\/project\/.+\/source$/);
  const sample = host.studio.projects.list().find(({ name }) => name === 'Sample person')!;
  expect(page.url()).toContain(sample.id);
  const { consentId } = host.studio.library.projects.find(sample.id);
  expect(host.studio.library.consents.get(consentId).basis).toBe('synthetic');
});

test('nothing of all this was complained about', () => {
  expect(complaints.join('\n')).toBe('');
});
