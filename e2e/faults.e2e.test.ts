import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { launchBrowser } from './browser.ts';
import { PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';

// What breaks in one part of the window stays there.
const folder = mkdtempSync(join(tmpdir(), 'likeness-faults-'));
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let id = '';

beforeAll(async () => {
  host = await serve({ libraryDir: join(folder, 'library') });
  ({ projectId: id } = await host.studio.projects.importVideo({
    path: await shortSample(),
    name: 'Ada',
    consent: { basis: 'synthetic', note: '' },
  }));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(prepare: () => void): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(prepare);
  await page.goto(host.url);
  await page.goto(new URL(`/#/project/${id}/source`, host.url).href);
  return page;
}

test('a viewer that cannot draw leaves the rest usable, and can be tried again', async () => {
  const page = await open(() => {
    // oxlint-disable-next-line typescript/unbound-method -- called below with the canvas it is called on
    const usual = HTMLCanvasElement.prototype.getContext as (this: HTMLCanvasElement, kind: string) => unknown;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
      const broken = this.closest('.viewer-stage') !== null && !('mended' in window);
      return broken ? null : usual.call(this, kind);
    } as typeof HTMLCanvasElement.prototype.getContext;
  });
  const failed = page.getByRole('alert').filter({ hasText: 'The viewer stopped working.' });
  await failed.waitFor();
  expect(await page.getByRole('alert').count()).toBe(1);
  await page.getByRole('button', { name: 'Add a marker here' }).click();
  await page.getByRole('button', { name: /^Marker/ }).waitFor(); // the timeline goes on

  await failed.getByRole('button', { name: 'Try again' }).click();
  await failed.waitFor(); // nothing was mended
  await page.evaluate(() => Object.assign(window, { mended: true }));
  await failed.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('group', { name: /^Picture: source/ }).waitFor();
  expect(await failed.count()).toBe(0);
  await page.close();
});

test('a window that cannot be drawn says so, and can be reloaded', async () => {
  const page = await open(() => {
    if (sessionStorage.getItem('broken') === 'once') return;
    const usual = window.addEventListener.bind(window);
    window.addEventListener = (
      kind: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ) => {
      if (kind !== 'keydown') return usual(kind, listener, options);
      sessionStorage.setItem('broken', 'once');
      throw new Error('no keys here');
    };
  });
  await page.getByRole('heading', { name: 'The window stopped working.' }).waitFor();
  await page.getByText('Technical detail').click();
  expect(await page.locator('pre').textContent()).toContain('no keys here');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('region', { name: 'Source' }).waitFor();
  await page.close();
});

test('a browser of a POSIX locale opens the window like any other', async () => {
  const page = await open(() => {
    Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true });
    Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'], configurable: true });
  });
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  expect(await page.evaluate(() => navigator.language)).toBe('en-US');
  await page.close();
});

test('an avatar that came without its video says so, and asks for nothing of it', async () => {
  const avatar = join(folder, 'tiny.likeness');
  await copyFile(join(import.meta.dirname, '../src/main/studio/engine/fixtures/tiny.likeness'), avatar);
  const { projectId } = await host.studio.avatars.importBundle(avatar, 'Tiny');
  const page = await open(() => undefined);
  for (const [step, words] of [
    ['source', 'To analyse or train it again, import that video.'],
    ['train', 'To train it again, import that video.'],
  ] as const) {
    await page.goto(new URL(`/#/project/${projectId}/${step}`, host.url).href);
    await page.getByText(words).waitFor();
    await page.getByRole('status').filter({ hasText: 'This avatar came without its video.' }).first().waitFor();
  }
  expect(await page.getByText('Preparing the').count()).toBe(0);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Check this video' }).count()).toBe(0);
  await page.close();
});
