import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/**
 * A headless Chromium: on Linux x64 the one inside an npm package, elsewhere the installed Chrome or Edge.
 * Not with that package's own arguments: they switch web security off, and what we test is part of it.
 */
export async function launchBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--autoplay-policy=no-user-gesture-required'];
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.launch({ executablePath: await chromiumPackage.executablePath(), args });
  try {
    return await chromium.launch({ channel: 'chrome', args });
  } catch {
    return chromium.launch({ channel: 'msedge', args });
  }
}

/** Electron's program, which its package fetches on its own; undefined where that was not possible. */
export function electronProgram(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const where = join(folder, 'path.txt');
  return existsSync(where) ? join(folder, 'dist', readFileSync(where, 'utf8').trim()) : undefined;
}
