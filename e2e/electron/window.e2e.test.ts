import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, say } from './asking.ts';
import { Likeness, type Running } from './likeness.ts';
import { findProgram } from './program.ts';

const program = findProgram();

describe.skipIf(!program)('the desktop window', () => {
  let likeness: Likeness;
  let running: Running;
  const page = () => running.page;
  const film = () => `/media/${likeness.house.avatar}/exports/a%20film.mp4`;
  const dialog = () => page().getByRole('dialog');

  beforeAll(async () => {
    likeness = await Likeness.prepare(program!);
    running = await likeness.start('window');
  });
  afterAll(() => likeness?.close());

  test('is one, has its title and shows the library over a message port', async () => {
    await page().getByText('Tiny').first().waitFor();
    expect([page().url(), await page().title(), running.electron.windows().length]).toEqual([
      'app://window/',
      'Likeness',
      1,
    ]);
  });

  test('its pages are in the sandbox', async () => {
    const sandboxed = await running.electron.evaluate(({ app }) =>
      app.getAppMetrics().flatMap(({ type, sandboxed }) => (type === 'Tab' ? [sandboxed] : [])),
    );
    // Only macOS and Windows tell of a process; on Linux the command line does.
    const preferences = await running.electron.evaluate(({ BrowserWindow }) =>
      (
        BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences(),
    );
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(sandboxed.every((one) => one !== false)).toBe(true);
    expect(await running.electron.evaluate(() => process.argv.includes('--no-sandbox'))).toBe(false);
  });

  test("has the bridge's three functions and nothing of Node", async () => {
    expect(
      await page().evaluate(() => [
        typeof require,
        typeof process,
        typeof module,
        Object.keys(window.likeness!).toSorted(),
      ]),
    ).toEqual(['undefined', 'undefined', 'undefined', ['onAction', 'onOpen', 'pathForFile']]);
  });

  test('media come in the parts that are asked for', async () => {
    const answer = await page().evaluate(async (address) => {
      const part = await fetch(address, { headers: { range: 'bytes=2-5' } });
      const head = await fetch(address, { method: 'HEAD' });
      return [part.status, part.headers.get('content-range'), await part.text(), head.headers.get('content-length')];
    }, film());
    expect(answer).toEqual([206, 'bytes 2-5/10', '2345', '10']);
  });

  test('a video plays from where it is put, and reads that are broken off harm nothing', async () => {
    const seconds = await page().evaluate(async (address) => {
      for (let time = 0; time < 20; time++) {
        const stop = new AbortController();
        const answer = await fetch(`${address}?${time}`, { signal: stop.signal });
        await answer.body!.getReader().read();
        stop.abort();
      }
      const video = Object.assign(document.createElement('video'), { src: address, muted: true });
      await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }));
      video.currentTime = 1;
      await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
      return [video.duration, video.currentTime];
    }, `/media/${likeness.house.clip}/source`);
    expect(seconds).toEqual([2, 1]);
  });

  test('a call of the contract is answered, and what is none is refused', async () => {
    expect(await call(page(), '/projects/list')).toContain(likeness.house.clip);
    expect(await call(page(), '/no/such')).toContain('"s":404');
    expect(await call(page(), '/__proto__/constructor')).toContain('"s":404');
    expect(await call(page(), '/projects/get', { id: '../../etc' })).toContain('"s":400');
    expect(await say(page(), 7)).toBe('closed');
    expect(await say(page(), 'x'.repeat(2 << 20))).toBe('closed');
    expect(await say(page(), '{{{')).toBe('silence');
    expect(await call(page(), '/projects/list')).toContain(likeness.house.clip); // and it goes on
  });

  test('the live line brings pictures, from the engine in its worker thread', async () => {
    await running.show(`#/project/${likeness.house.avatar}/perform`);
    await expect.poll(() => page().locator('.viewer-status').textContent()).toMatch(/\d+p live/);
  });

  test('Edit > Undo in the menu is of the take, and of the text in a text field', async () => {
    const undo = page().getByRole('button', { name: /^Undo/ });
    await page().keyboard.press('m');
    await expect.poll(() => undo.isEnabled()).toBe(true);
    const time = page().getByRole('textbox', { name: 'Time' });
    const was = await time.inputValue();
    await time.focus();
    await page().keyboard.press('ControlOrMeta+a');
    await page().keyboard.type('00:00:00:1');
    await running.choose('Edit', 'Undo');
    await expect.poll(() => time.inputValue()).not.toBe('00:00:00:1');
    expect(await undo.isEnabled()).toBe(true);
    await page().keyboard.press('Escape');
    await time.evaluate((field) => (field as HTMLInputElement).blur());
    expect(was).not.toBe('');
    await running.choose('Edit', 'Undo');
    await expect.poll(() => undo.isEnabled()).toBe(false);
    await running.choose('Edit', 'Redo');
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await page().keyboard.press('ControlOrMeta+z');
    await expect.poll(() => undo.isEnabled()).toBe(false);
  });

  test.each([
    ['File', 'Settings…', 'Settings'],
    ['Go', 'Jobs', 'Jobs'],
    ['Help', 'Keyboard shortcuts', 'Settings'],
    ['Help', 'About Likeness', 'Settings'],
  ])('%s > %s opens it', async (menu, label, name) => {
    await running.choose(menu, label);
    await expect.poll(() => page().getByRole('dialog', { name }).isVisible()).toBe(true);
    await page().keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
  });

  test('a dropped video is taken by its path', async () => {
    await running.show('#/');
    const [video] = likeness.house.videos;
    const session = await page().context().newCDPSession(page());
    const data = { items: [], files: [video], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 500, y: 500, data });
    await dialog().getByLabel('is not a real person').check();
    await dialog().getByRole('button', { name: 'Import' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await expect
      .poll(() =>
        running.electron.evaluate(({ Menu }) =>
          Menu.getApplicationMenu()!
            .items[0]!.submenu!.items.find(({ label }) => label === 'Open Recent')!
            .submenu!.items.map(({ label }) => label),
        ),
      )
      .toContain(basename(video).replace('&', '&&'));
  });

  test('a second start ends at once, and the first shows the project that its video is', async () => {
    await running.show('#/');
    expect(await likeness.startAgain('window', [likeness.house.videos[0], '--x=y', '/etc/passwd', 'gone.mp4'])).toBe(0);
    await page().waitForFunction(() => location.hash.startsWith('#/project/'));
    expect(await dialog().count()).toBe(0);
  });

  test('or asks about one that is none yet', async () => {
    expect(await likeness.startAgain('window', [likeness.house.videos[1]])).toBe(0);
    expect(await dialog().getByLabel('Name of the project').inputValue()).toBe('second');
    await page().keyboard.press('Escape');
    expect(running.electron.windows()).toHaveLength(1);
  });

  test('nothing was complained of', () => {
    expect(running.complaints).toEqual([]);
  });
});
