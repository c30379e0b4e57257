import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './asking.ts';
import { Likeness, type Running } from './likeness.ts';
import { findProgram } from './program.ts';

const program = findProgram();

describe.skipIf(!program)('the desktop program comes and goes', () => {
  let likeness: Likeness;
  beforeAll(async () => void (likeness = await Likeness.prepare(program!)));
  afterAll(() => likeness?.close());

  const ready = async (running: Running): Promise<Running> => {
    await running.page.getByText('Tiny').first().waitFor();
    return running;
  };
  const start = async (user: string, ...args: string[]) => ready(await likeness.start(user, args));
  /** What the page shows: asked of the program, as the test's line to a page ends with its crash. */
  const shown = (running: Running) =>
    running.electron.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      const told = webContents.executeJavaScript('location.hash + document.body.innerText') as Promise<string>;
      return Promise.race([told, new Promise<string>((resolve) => setTimeout(resolve, 500, 'No page answers.'))]);
    });

  test('File > Quit ends it, and the next start has the library', async () => {
    const first = await start('quitting');
    expect(await first.quit()).toBe(0);
    const second = await start('quitting');
    expect(await second.quit()).toBe(0);
  });

  test('closing the window ends it, and its place is kept', async () => {
    const running = await start('closing');
    await running.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window!.setBounds({ x: 40, y: 50, width: 900, height: 700 });
      setTimeout(() => window!.close(), 200);
    });
    expect(await running.ended()).toBe(0);
    const kept: unknown = JSON.parse(readFileSync(join(likeness.userDir('closing'), 'window.json'), 'utf8'));
    expect(kept).toMatchObject({ bounds: { width: 900, height: 700 }, maximized: false });
  });

  test('it asks before it closes over a job, and quits when told to', async () => {
    const running = await start('guard');
    await call(running.page, '/work/analyze', { id: likeness.house.clip });
    await expect.poll(() => call(running.page, '/jobs/list')).toMatch(/"running"/);
    const asked = await running.electron.evaluate(async ({ app, BrowserWindow, dialog }) => {
      const questions: string[] = [];
      dialog.showMessageBoxSync = ((_window: unknown, { message }: { message: string }) =>
        questions.push(message) - questions.length) as never; // always the first button
      BrowserWindow.getAllWindows()[0]!.close();
      app.quit();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return [questions, BrowserWindow.getAllWindows().length];
    });
    expect(asked).toEqual([['A job is still running.', 'A job is still running.'], 1]);
    await running.electron.evaluate(({ dialog }) => void (dialog.showMessageBoxSync = (() => 1) as never));
    expect(await running.quit()).toBe(0);
  });

  test('after a crash the same page is shown again, and a second one is told of', async () => {
    const running = await start('crash');
    const hash = `#/project/${likeness.house.avatar}/perform`;
    await running.show(hash);
    await running.page
      .locator('.viewer-status')
      .getByText(/\d+p live/)
      .waitFor();
    const crash = () =>
      running.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
      );
    await running.electron.evaluate(({ dialog }) => {
      dialog.showErrorBox = (title) => Object.assign(globalThis, { told: title });
    });
    await crash();
    await expect.poll(() => shown(running)).toMatch(/p live/);
    expect(await shown(running)).toContain(hash);
    await crash();
    await expect
      .poll(() => running.electron.evaluate(() => (globalThis as { told?: string }).told))
      .toBe('The window fell over twice.');
    expect(await running.quit()).toBe(0);
  });

  test('reloading leaves no listener behind, and loses no video that is handed over meanwhile', async () => {
    const running = await start('reload');
    const listeners = () =>
      running.electron.evaluate(({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows()[0]!;
        return webContents.eventNames().reduce((sum, name) => sum + webContents.listenerCount(name as never), 0);
      });
    await running.page.reload();
    await ready(running);
    const before = await listeners();
    for (let time = 0; time < 12; time++) {
      await running.page.reload();
      await ready(running);
    }
    expect(await listeners()).toBe(before);
    await running.electron.evaluate(({ app, BrowserWindow }, video) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      webContents.once('did-start-navigation', () => app.emit('second-instance', {}, [], '/', { files: [video] }));
      webContents.reload();
    }, likeness.house.videos[0]);
    const name = running.page.getByRole('dialog').getByLabel('Name of the project');
    await name.waitFor();
    await wait(1000); // the page that it reached is the one that stays
    expect(await name.isVisible()).toBe(true);
    await running.page.keyboard.press('Escape');
    await running.page.evaluate(() => location.assign('https://example.com/')); // refused: the page goes on listening
    expect(await likeness.startAgain('reload', [likeness.house.videos[1]])).toBe(0);
    await expect.poll(() => name.inputValue()).toBe('second');
    expect(await running.quit()).toBe(0);
  });

  test.skipIf(process.getuid?.() !== 0)('root is told why not, once', async () => {
    const { path } = program!;
    const root = spawn(path, [likeness.built, '--no-sandbox', `--user-data-dir=${likeness.userDir('root')}`], {
      env: { ...process.env, ...likeness.screen },
    });
    const said: string[] = [];
    root.stderr.on('data', (text) => said.push(String(text)));
    const timer = setTimeout(() => root.kill('SIGKILL'), 8000);
    const [code] = await once(root, 'close');
    clearTimeout(timer);
    expect(code).toBe(1);
    expect(said.join('').match(/does not run as root/g)).toHaveLength(1);
    expect(said.join('')).not.toContain('without --no-sandbox');
  });
});
