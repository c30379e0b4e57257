import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { electronProgram } from './browser.ts';

const root = join(import.meta.dirname, '..');
const program = electronProgram();
if (!program) console.log('The Electron host is not driven here: Electron\'s program is not installed ("node node_modules/electron/install.js" fetches it).');

describe.skipIf(!program)('the same window in Electron', () => {
  const library = mkdtempSync(join(tmpdir(), 'likeness-electron-'));
  let electron: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'error'], { cwd: root, stdio: 'inherit' });
    electron = await _electron.launch({ executablePath: program!, args: [root, `--user-data-dir=${join(library, 'user')}`], env: { ...process.env, LIKENESS_LIBRARY: join(library, 'library') } as Record<string, string> });
    page = await electron.firstWindow();
  });
  afterAll(async () => {
    await electron?.close();
    rmSync(library, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the library opens over a message port', async () => {
    await page.getByRole('heading', { name: 'Drop a video of one person talking' }).waitFor();
    expect(new URL(page.url()).protocol).toBe('app:');
  });

  test('the page has no Node, and goes nowhere else', async () => {
    expect(await page.evaluate(() => [typeof require, typeof process, Object.keys(window.likeness ?? {})])).toEqual(['undefined', 'undefined', ['pathForFile', 'onAction', 'onOpen']]);
    await page.evaluate(() => location.assign('https://example.com/'));
    expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
    expect(page.url()).toMatch(/^app:/);
  });

  test('files outside the window and the library are not there', async () => {
    const statuses = await page.evaluate(() => Promise.all(['/../package.json', '/%2e%2e/package.json', '/media/x/source'].map((path) => fetch(path).then(({ status }) => status))));
    expect(statuses).toEqual([404, 404, 404]);
  });
});
