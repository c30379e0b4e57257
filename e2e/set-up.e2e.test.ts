import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tinyInstallation } from '../setup/tiny-installation.fixture.ts';
import { serve } from '../src/main/serve.ts';
import { findInstallation } from '../src/main/studio/system/environment.ts';
import { locateMediaTools } from '../src/main/studio/media/index.ts';
import { seriousFindings } from './accessibility.ts';
import { PATIENCE_MS } from './patience.ts';
import { launchBrowser } from './browser.ts';

// A program that was installed without its trainer: the window sets it up. The trainer here is a tiny one, from this
// disk.
const root = mkdtempSync(join(tmpdir(), 'likeness-set-up-'));
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let clip = '';

const button = (name: string | RegExp) => page.getByRole('button', { name });
const card = () => page.getByRole('region', { name: 'Trainer' });

beforeAll(async () => {
  const installation = findInstallation();
  const { ffmpeg } = await locateMediaTools(installation.venv);
  const { venv, offline } = await tinyInstallation(root);
  symlinkSync(join(installation.root, 'out'), join(root, 'out'), 'junction');
  for (const [name, value] of Object.entries({
    ...offline,
    LIKENESS_FFMPEG: ffmpeg,
    LIKENESS_SETUP_PYTHON: join(root, 'no-python-here'),
  }))
    vi.stubEnv(name, value);
  clip = join(root, 'A talk.mp4');
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc=size=320x240:rate=25:duration=1',
    '-pix_fmt',
    'yuv420p',
    clip,
  ]);
  mkdirSync(join(root, 'library'));
  host = await serve({ root, environmentDir: venv, libraryDir: join(root, 'library') });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 720 }, colorScheme: 'dark' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(host.url);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

test('an empty library says that the trainer is missing, how large it is, and what works without it', async () => {
  await card().getByText('The trainer is not set up yet').waitFor();
  await card()
    .getByText(/to download, .* on the disk\. Avatars that are finished play and export without it\./)
    .waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test('a video comes in without it, and its check is refused with what to do', async () => {
  await page.setInputFiles('input[type=file]', clip);
  await page.getByLabel('is not a real person').check();
  await button('Import').click();
  await button('Set it up and check this video').waitFor();
  const [project] = host.studio.projects.list();
  expect(() => host.studio.training.analyze(project!.id)).toThrow(
    expect.objectContaining({ code: 'missing-tool', message: 'The trainer is not set up on this computer yet.' }),
  );
  expect(await seriousFindings(page)).toEqual([]);
});

test('without a Python, one sentence says which one to install', async () => {
  await button('Set it up and check this video').click();
  await card().getByText('Likeness needs Python 3.10 to 3.12 and found none on this computer.').waitFor();
  await card()
    .getByText(/^Install Python 3\.12 .*, then try again\.$/)
    .waitFor();
  expect(host.studio.system.trainer().kind).toBe('absent');
  expect(await seriousFindings(page)).toEqual([]);
});

test('it can be stopped, which leaves it to be resumed', async () => {
  vi.stubEnv('LIKENESS_SETUP_PYTHON', undefined);
  await card().getByRole('button', { name: 'Try again' }).click();
  await card().getByText('Making the Python environment').waitFor();
  await card().getByRole('button', { name: 'Stop' }).click();
  await card().getByText('Stopped.').waitFor();
  expect(host.studio.system.trainer().kind).toBe('absent');
});

test('resumed, it tells how far it is, and what waited for it begins by itself', async () => {
  await card().getByRole('button', { name: 'Resume' }).click();
  const [project] = host.studio.projects.list();
  const check = host.studio.training.analyze(project!.id); // accepted now: it waits for the set-up
  const seen = new Set<string>();
  for await (const notice of host.studio.notices()) {
    if (notice.kind !== 'job' || notice.job.kind !== 'set-up' || notice.event.type !== 'state') continue;
    const { state } = notice.event;
    if (state.kind === 'running' && state.progress) seen.add(`${state.progress.stage}: ${state.progress.note ?? ''}`);
    if (state.kind !== 'running' && state.kind !== 'queued') break;
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'packages: tiny_one 1.0, from this computer',
      'packages: tiny_two 1.0, from this computer',
      'unpack: 0 of 2 packages',
      'check: ',
    ]),
  );
  expect(host.studio.system.trainer().kind).toBe('ready');
  // The trainer's own code ran in the new environment; it finds no face in anything.
  await expect(check.result).rejects.toMatchObject({ code: 'no-face', message: 'The tiny trainer was given a video.' });
  await page.getByText('The tiny trainer was given a video.').first().waitFor();
  await card().waitFor({ state: 'detached' });
});

test('the settings say where it is', async () => {
  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByText(join(root, 'environment')).waitFor();
  expect(await settings.getByRole('button', { name: 'Set up the trainer' }).count()).toBe(0);
});
