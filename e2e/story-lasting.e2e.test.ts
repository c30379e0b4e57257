import { rmSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { oneStory } from './one-story.ts';
import { PATIENCE_MS, TRAINING_PATIENCE_MS } from './patience.ts';
import { trainedSample } from './trained-sample.ts';

// Two tabs on one library stay in step, and what is at work outlasts reloads, closed tabs and the program itself.
let library = '';
let project = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let context: BrowserContext;
let here: Page;
let there: Page;
const complaints: string[] = [];

const chart = (tab: Page) => tab.getByRole('img', { name: /held-out PSNR/ });
const reached = async (tab: Page) =>
  Number(/to step (\d+)/.exec((await chart(tab).getAttribute('aria-label')) ?? '')?.[1] ?? 0);
const panel = (tab: Page, name: string) => tab.getByRole('region', { name, exact: true });
const running = () => host.studio.jobs.list().find(({ state }) => state.kind === 'running');

oneStory();

beforeAll(async () => {
  ({ library, project } = await trainedSample());
  host = await serve({ libraryDir: library });
  browser = await launchBrowser();
  context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  here = await tab(host.url, '');
  there = await tab(new URL(host.url).origin, 'perform');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

/** A tab on the library, or on a step of the project. */
async function tab(address: string, step: string): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(PATIENCE_MS);
  opened.on('pageerror', (error) => complaints.push(error.message));
  await opened.goto(address);
  await opened.getByRole('banner').waitFor();
  if (step !== '') await go(opened, step);
  return opened;
}

async function go(opened: Page, step: string): Promise<void> {
  await opened.goto(`${new URL(opened.url()).origin}/#/project/${project}/${step}`);
  await opened.getByRole('region', { name: 'Timeline' }).waitFor();
}

/**
 * Leaves a window for another page, as a person does who types an address; what the window asks first is answered.
 * Closing the tab asks the same question, but the headless browser closes without asking any page.
 */
async function leave(opened: Page, answer: 'stay' | 'leave'): Promise<{ asked: boolean; left: boolean }> {
  const address = opened.url();
  let asked = false;
  const answered = new Promise<void>((resolve, reject) => {
    opened.once('dialog', (dialog) => {
      asked = dialog.type() === 'beforeunload';
      (answer === 'stay' ? dialog.dismiss() : dialog.accept()).then(resolve, reject);
    });
  });
  await opened.evaluate(() => void setTimeout(() => location.assign('/elsewhere')));
  await (answer === 'stay' ? answered : opened.waitForURL(/elsewhere/)); // what is left asks nothing any more
  return { asked, left: opened.url() !== address };
}

test('a name given in one tab is the name in the other', async () => {
  await here.getByRole('button', { name: 'More about Sample' }).click();
  await here.getByRole('menuitem', { name: 'Rename…' }).click();
  await here.getByRole('textbox', { name: 'Name' }).fill('Ada');
  await here.getByRole('textbox', { name: 'Name' }).press('Enter');
  await there.getByRole('banner').getByText('Ada', { exact: true }).waitFor();
  expect(host.studio.projects.list().map(({ name }) => name)).toEqual(['Ada']);
});

test('a take edited in one tab is the take in the other, in turns', async () => {
  await go(here, 'perform');
  const markers = (tab: Page) => tab.getByRole('button', { name: /^Marker/ });
  await here.keyboard.press('m');
  await markers(there).waitFor();
  await there.keyboard.press('Shift+ArrowRight');
  await there.keyboard.press('m');
  await markers(here).nth(1).waitFor();
  expect(await markers(there).count()).toBe(2);
});

test('a training is followed in both, and a reload in its middle comes back to the same', async () => {
  await Promise.all([go(here, 'train'), go(there, 'train')]);
  await here.getByLabel('Draft').check();
  await here.getByRole('button', { name: 'Train again' }).click();
  for (const tab of [here, there]) await panel(tab, 'Train').getByRole('button', { name: 'Stop' }).waitFor();
  for (const tab of [here, there])
    await expect.poll(() => reached(tab), { timeout: TRAINING_PATIENCE_MS }).toBeGreaterThanOrEqual(20);
  const [before, address] = [await reached(here), here.url()];
  await here.reload();
  await panel(here, 'Train').getByRole('progressbar').waitFor({ state: 'attached' });
  await panel(here, 'Train').getByRole('button', { name: 'Stop' }).waitFor();
  expect(here.url()).toBe(address);
  await expect.poll(() => reached(here), { timeout: TRAINING_PATIENCE_MS }).toBeGreaterThanOrEqual(before);
  await expect.poll(() => reached(here), { timeout: TRAINING_PATIENCE_MS }).toBeGreaterThan(before); // and it goes on
});

test('leaving asks while something runs; left, the work goes on without that window', async () => {
  await here.getByRole('banner').getByText('Ada', { exact: true }).click(); // a page nobody has touched may not ask
  expect(await leave(here, 'stay')).toEqual({ asked: true, left: false });
  await panel(here, 'Train').getByRole('button', { name: 'Stop' }).waitFor();
  expect(await leave(here, 'leave')).toEqual({ asked: true, left: true });
  const before = await reached(there);
  await expect.poll(() => reached(there), { timeout: TRAINING_PATIENCE_MS }).toBeGreaterThan(before);
  expect(running()).toMatchObject({ kind: 'train' });
});

test('a program that ends in the middle cuts the training off; the next one takes it up where it was', async () => {
  const before = await reached(there);
  const { id } = running()!;
  await host.close();
  await there.getByText('Likeness does not answer.').waitFor();
  expect(await seriousFindings(there)).toEqual([]);
  await there.close();

  host = await serve({ libraryDir: library });
  expect(host.studio.jobs.list().find((job) => job.id === id)!.state).toMatchObject({
    kind: 'interrupted',
    checkpoint: expect.any(String) as string,
  });
  here = await tab(host.url, 'train');
  there = await tab(new URL(host.url).origin, 'train');
  await panel(here, 'Train').getByText('This was cut off.').waitFor();
  expect(await reached(here)).toBeGreaterThanOrEqual(before);
  expect(await seriousFindings(here)).toEqual([]);
  const cutAt = await reached(here);
  await panel(here, 'Train').getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => reached(here)).toBeGreaterThan(cutAt);
  await expect.poll(() => reached(there)).toBeGreaterThan(cutAt);
  await there.getByRole('button', { name: 'Stop' }).click(); // what one tab began the other stops
  await panel(here, 'Train').getByText('Stopped.').waitFor();
});

test('a reload in the middle of an export comes back to it; the film is there in both tabs', async () => {
  await Promise.all([go(here, 'export'), go(there, 'export')]);
  await here.getByLabel('Portrait').check();
  await here.getByRole('button', { name: 'Export MP4' }).click();
  await panel(here, 'Export').getByRole('progressbar').waitFor({ state: 'attached' });
  await here.reload();
  await panel(here, 'Export').getByRole('progressbar').waitFor({ state: 'attached' });
  expect(running()).toMatchObject({ kind: 'export' }); // it was the middle
  for (const tab of [here, there])
    await tab
      .getByRole('region', { name: 'Exports' })
      .getByRole('button', { name: /portrait/ })
      .waitFor();
});

test('when nothing runs a window is left without a question', async () => {
  await there.getByRole('banner').getByText('Ada', { exact: true }).click();
  expect(running()).toBeUndefined();
  expect(await leave(there, 'leave')).toEqual({ asked: false, left: true });
});

test('no page fell over on the way', () => {
  // What the line's own library says of its end when the program ends under it.
  expect(complaints.filter((text) => text !== 'Cannot send message, WebSocket is not open.')).toEqual([]);
});
