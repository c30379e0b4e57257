import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';

const hasBrowserInPackage = process.platform === 'linux' && process.arch === 'x64';
const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * A headless Chromium: on Linux x64 the one inside an npm package, elsewhere the installed Chrome or Edge.
 * Not with that package's own arguments: they switch web security off, and what we test is part of it.
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const args = [...ARGS, ...more];
  const { chromium } = await import('playwright-core');
  const executablePath = await unpackBrowser();
  if (executablePath !== undefined) return chromium.launch({ executablePath, args });
  try {
    return await chromium.launch({ channel: 'chrome', args });
  } catch {
    return chromium.launch({ channel: 'msedge', args });
  }
}

/** Where the browser of the npm package is once it is unpacked, which it is the first time; undefined elsewhere. */
export async function unpackBrowser(): Promise<string | undefined> {
  if (!hasBrowserInPackage) return undefined;
  const { default: inPackage } = await import('@sparticuz/chromium');
  return inPackage.executablePath();
}

/** The browser is for developing: an installation may be without the packages that start one. */
export function canLaunchBrowser(): boolean {
  const { resolve } = createRequire(import.meta.url);
  try {
    resolve('playwright-core');
    if (hasBrowserInPackage) resolve('@sparticuz/chromium');
    return true;
  } catch {
    return false;
  }
}
