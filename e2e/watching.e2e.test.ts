import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { launchBrowser } from './browser.ts';
import { buildWindow } from './build-window.ts';
import { oneStory } from './one-story.ts';
import { trainedSample } from './trained-sample.ts';

// A trained avatar is looked at, beside its held-out frames and its films; each test goes on where the one before it
// ended.
let library = '';
let id = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

const step = (name: string) => page.getByRole('radiogroup', { name: 'Step' }).getByText(name, { exact: true });

oneStory();

beforeAll(async () => {
  buildWindow();
  ({ library, project: id } = await trainedSample());
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(host.url);
  await page.goto(new URL(`/#/project/${id}/perform`, host.url).href);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

/** The avatar's picture is there: nothing is said to be drawn or opened any more. */
async function avatarShown(): Promise<void> {
  await page.getByText(/\d+p live/).waitFor();
  await page.getByText(/^(Drawing|Opening) the avatar/).waitFor({ state: 'hidden' });
}

test('the avatar is there again after the held-out frames, without a touch of the playhead', async () => {
  await avatarShown();
  for (let times = 0; times < 2; times++) {
    await step('Train').click();
    await page.getByRole('img', { name: /Held-out frames/ }).waitFor();
    await step('Perform').click();
    await avatarShown();
  }
});

test('nothing was reported to the console on the way', () => {
  expect(complaints).toEqual([]);
});
