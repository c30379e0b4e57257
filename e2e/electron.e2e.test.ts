import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECT } from '../src/shared/contract/bridge.ts';
import { electronProgram } from './browser.ts';
import { shortSample } from './short-sample.ts';
import { tellStory } from './story.ts';

const root = join(import.meta.dirname, '..');
const program = electronProgram();
if (!program)
  console.log(
    'The Electron host is not driven here: Electron\'s program is not installed ("node node_modules/electron/install.js" fetches it).',
  );

describe.skipIf(!program)('the same window in Electron', () => {
  const library = mkdtempSync(join(tmpdir(), 'likeness-electron-'));
  let electron: ElectronApplication;
  let page: Page;
  let video = '';

  beforeAll(async () => {
    video = await shortSample();
    execFileSync(
      process.execPath,
      [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'error'],
      { cwd: root, stdio: 'inherit' },
    );
    electron = await _electron.launch({
      executablePath: program!,
      args: [root, `--user-data-dir=${join(library, 'user')}`],
      env: { ...process.env, LIKENESS_LIBRARY: join(library, 'library') } as Record<string, string>,
    });
    page = await electron.firstWindow();
    page.setDefaultTimeout(20_000);
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
    expect(
      await page.evaluate(() => [typeof require, typeof process, Object.keys(window.likeness ?? {}).toSorted()]),
    ).toEqual(['undefined', 'undefined', ['onAction', 'onOpen', 'pathForFile']]);
    const opened = await page.evaluate(async (address) => {
      location.assign(`${address}/assigned`);
      Object.assign(document.body.appendChild(document.createElement('a')), { href: `${address}/link` }).click();
      const form = Object.assign(document.createElement('form'), { method: 'post', action: `${address}/form` });
      document.body.append(form);
      form.submit();
      document.body.append(Object.assign(document.createElement('iframe'), { src: `${address}/frame` }));
      const window = globalThis.open(`${address}/opened`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return window;
    }, 'https://example.com');
    expect(opened).toBeNull();
    expect(electron.windows()).toHaveLength(1);
    expect(page.url()).toMatch(/^app:/);
    await page.reload();
  });

  test('files outside the window and the library are not there', async () => {
    const statuses = await page.evaluate(() =>
      Promise.all(
        ['/../package.json', '/%2e%2e/package.json', '/media/x/source'].map((path) =>
          fetch(path).then(({ status }) => status),
        ),
      ),
    );
    expect(statuses).toEqual([404, 404, 404]);
  });

  describe('the main job', () => {
    tellStory(
      () => ({
        page,
        // A file made in a script lies nowhere on the disk: it is chosen, as its path is what this host takes.
        bringVideo: async (path, name) => {
          mkdirSync(join(library, 'files'), { recursive: true });
          copyFileSync(path, join(library, 'files', name));
          await page.getByTestId('choose-videos').setInputFiles(join(library, 'files', name));
        },
        bringSound: async ({ name, bytes }, second) => {
          const file = join(library, 'files', name);
          writeFileSync(file, bytes);
          await page.getByLabel('Add a sound file').setInputFiles(file);
          await page.getByRole('textbox', { name: 'Time' }).fill(String(second));
          await page.keyboard.press('Enter');
          await page.getByRole('button', { name: /^Insert Beep/ }).click();
        },
        trainShortly: () =>
          page.evaluate(async (connect) => {
            const [, id] = /project\/([^/]+)/.exec(location.hash)!;
            const { port1, port2 } = new MessageChannel();
            const answered = new Promise<void>((resolve) => port1.addEventListener('message', () => resolve()));
            port1.start();
            window.postMessage(connect, location.origin, [port2]);
            port1.postMessage(
              JSON.stringify({
                i: '1',
                p: {
                  u: '/work/train',
                  b: { json: { id, preset: 'demo', device: 'cpu', minutes: 0.3, resume: false } },
                },
              }),
            );
            await answered;
            port1.close();
          }, CONNECT),
        // No download: the film lies in the library already, and its folder can be shown.
        takeAway: async () => {
          await page.getByRole('button', { name: 'Show in folder' }).waitFor();
          const projects = join(library, 'library', 'projects');
          const folder = join(projects, readdirSync(projects)[0]!, 'exports');
          const name = readdirSync(folder).find((file) => file.endsWith('.mp4'))!;
          return { name, bytes: readFileSync(join(folder, name)) };
        },
      }),
      () => video,
    );
  });
});
