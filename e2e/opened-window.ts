import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { PATIENCE_MS } from './patience.ts';

export interface Opening {
  /** What the browser is started with beside the usual. */
  readonly args?: readonly string[];
  /** Pixels; the width is 1280. */
  readonly height?: number;
}

export interface OpenedWindow {
  readonly browser: Browser;
  readonly page: Page;
  /** What the page said that it should not. */
  readonly complaints: string[];
}

/** A browser of its own, and in it the window that is served at an address. */
export async function openedWindow(url: string, { args, height = 800 }: Opening = {}): Promise<OpenedWindow> {
  const browser = await launchBrowser(args);
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height } });
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = complaintsOf(page);
  await page.goto(url);
  return { browser, page, complaints };
}

/** What a page says from now on that it should not, and where; added to what others said. */
export function complaintsOf(page: Page, complaints: string[] = []): string[] {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}

/** Every picture of the page has come: none is still asked for of what a test then takes away. */
export async function picturesShown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const pictures = [...document.images];
    return pictures.length > 0 && pictures.every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
  });
}
