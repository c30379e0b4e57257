import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { PATIENCE_MS } from './patience.ts';
import { trainedSample } from './trained-sample.ts';

// A trained avatar is trained further, and looked at meanwhile: one story, each test goes on where the one before it
// ended.
let library = '';
let id = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

const button = (name: string) => page.getByRole('button', { name, exact: true });
const sign = () => page.locator('.viewer-sign');
const panel = () => page.getByRole('region', { name: 'Preview of the training' });

beforeAll(async () => {
  ({ library, project: id } = await trainedSample());
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(host.url);
  await page.goto(new URL(`/#/project/${id}/train`, host.url).href);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('while it trains on, its newest checkpoint is shown live, and the training goes on', async () => {
  await button('Keep training').click();
  await button('Try it now').click();
  await sign()
    .getByText(/Preview: checkpoint at step [\d,]+ of [\d,]+/)
    .waitFor();
  expect(host.studio.jobs.list().find(({ kind }) => kind === 'train')!.state.kind).toBe('running');
  await page.locator('.viewer-status').getByText('360p live').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test('it speaks what is on the timeline, with its sound as the clock', async () => {
  const before = await page.evaluate(() => document.querySelector('.viewer-status [data-part=frame]')?.textContent);
  await button('Play').click();
  await page.waitForFunction(
    (was) => document.querySelector('.viewer-status [data-part=frame]')?.textContent !== was,
    before,
  );
  await page
    .locator('.viewer-status')
    .getByText(/\d+ fps/)
    .waitFor();
  await button('Pause').click();
  expect(await sign().isVisible()).toBe(true); // still the checkpoint's
});

test('a stopped training can still be looked at, and put away again', async () => {
  await page
    .getByRole('region', { name: 'Train', exact: true })
    .getByRole('button', { name: 'Stop', exact: true })
    .click();
  await button('Resume').waitFor();
  expect(await sign().isVisible()).toBe(true);
  await panel().getByRole('button', { name: 'Newer one' }).click(); // stopping saved another
  await panel().getByRole('button', { name: 'Newer one' }).waitFor({ state: 'hidden' });
  await panel().getByRole('button', { name: 'Back to the finished avatar' }).click();
  await sign().waitFor({ state: 'hidden' });
  await page.locator('.viewer-status').getByText('360p live').waitFor(); // and the finished one is there
});

test("the training's log has no seam", () => {
  const steps = readFileSync(join(library, 'projects', id, 'runs', '1', 'log.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);
  expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
});
