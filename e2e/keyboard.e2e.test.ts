import { rmSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { focusShows } from './focus.ts';
import { oneStory } from './one-story.ts';
import { PATIENCE_MS, TRAINING_PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';
import { trainedSample } from './trained-sample.ts';

// The main job with keys alone: the page itself counts that no pointer ever touched it.
const FPS = 25;
let library = '';
let video = '';
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;

const byRole: Page['getByRole'] = (...what) => page.getByRole(...what);
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const frameShown = async () =>
  Number(/frame (\d+) of/.exec((await page.locator('.viewer-status [data-part=frame]').textContent()) ?? '')?.[1]);
const hasFocus = async (what: Locator) =>
  (await what.count()) === 1 && (await what.evaluate((element) => element === document.activeElement));

oneStory();

beforeAll(async () => {
  video = await shortSample();
  const { library: copy, project } = await trainedSample();
  library = copy;
  host = await serve({ libraryDir: library });
  host.studio.projects.rename(project, 'Ada, trained');
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { pointed: number };
    counted.pointed = 0;
    for (const type of ['pointerdown', 'mousedown', 'touchstart', 'wheel'])
      window.addEventListener(type, () => (counted.pointed += 1), { capture: true });
  });
  await page.goto(host.url);
  await byRole('region', { name: 'Projects' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

/** Tab, or another key, until this has the focus; and the focus is to be seen there. */
async function goTo(what: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 80 && !(await hasFocus(what)); presses++) await page.keyboard.press(key);
  expect(await hasFocus(what), `${key} leads to ${String(what)}`).toBe(true);
  // borders fade in
  await expect.poll(() => page.evaluate(focusShows), { message: `the focus on ${String(what)} is seen` }).toBe('seen');
}

test('a video is imported: chosen, asked about, checked', async () => {
  await goTo(byRole('button', { name: 'Import a video…' }));
  page.on('filechooser', (chooser) => void chooser.setFiles(video)); // what a person does in the system's own dialog
  await page.evaluate(() => undefined); // by now the browser knows that somebody answers it
  await press('Enter');
  const dialog = byRole('dialog', { name: 'Whose face is this?' });
  await dialog.waitFor();
  await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await goTo(dialog.getByRole('textbox', { name: 'Name of the project' }));
  await press('Control+a');
  await page.keyboard.type('By keyboard');
  await goTo(dialog.getByRole('radio', { name: 'is me' }));
  await goTo(dialog.getByRole('radio', { name: 'is not a real person' }), 'ArrowDown');
  await goTo(dialog.getByRole('button', { name: 'Import' }));
  await press('Enter');
  await byRole('region', { name: 'Input check' }).waitFor({ timeout: TRAINING_PATIENCE_MS });
});

test('a training is started and stopped', async () => {
  await goTo(byRole('button', { name: 'Go on to Train' }));
  await press('Enter');
  await goTo(byRole('radio', { name: 'Draft' }));
  await goTo(byRole('radio', { name: 'Instant' }), 'ArrowUp');
  await goTo(byRole('button', { name: 'Train', exact: true }));
  await press('Enter');
  await page.getByText('Preparing the frames').first().waitFor();
  await goTo(byRole('region', { name: 'Train' }).getByRole('button', { name: 'Stop' }));
  await press('Enter');
  await byRole('button', { name: 'Resume' }).waitFor(); // once it has stopped
  await goTo(byRole('button', { name: 'Resume' })); // it stands where Stop stood
  expect(host.studio.jobs.list()[0]).toMatchObject({ kind: 'train', state: { kind: 'cancelled' } });
});

test('what lies over the page is left with Escape, and the focus goes back where it was', async () => {
  const resume = byRole('button', { name: 'Resume' });
  for (const [key, name] of [
    ['Control+j', 'Jobs'],
    ['Control+,', 'Settings'],
    ['Control+k', 'Commands and projects'],
  ] as const) {
    await press(key);
    const over = byRole('dialog', { name });
    await over.waitFor();
    await expect
      .poll(() => over.evaluate((element) => element.contains(document.activeElement)), {
        message: `${name} takes the focus`,
      })
      .toBe(true);
    await press('Tab', 'Tab');
    expect(await over.evaluate((element) => element.contains(document.activeElement)), `${name} keeps the focus`).toBe(
      true,
    );
    await press('Escape');
    await over.waitFor({ state: 'hidden' });
    await expect.poll(() => hasFocus(resume), { message: `the focus comes back from ${name}` }).toBe(true);
  }
});

test('another project is opened from the palette, and its steps are gone through', async () => {
  await press('Control+k');
  await expect.poll(() => hasFocus(byRole('textbox', { name: 'Find a command or a project' }))).toBe(true);
  await page.keyboard.type('Ada');
  await byRole('dialog').getByText('Ada, trained', { exact: true }).waitFor();
  await press('Enter');
  await page.waitForURL(/\/perform$/);
  await byRole('dialog').waitFor({ state: 'hidden' });
  for (const [key, step] of [
    ['Alt+1', 'Source'],
    ['Alt+2', 'Train'],
    ['Alt+4', 'Export'],
    ['Alt+3', 'Perform'],
  ] as const) {
    await press(key);
    await byRole('region', { name: step, exact: true }).waitFor();
  }
  await goTo(byRole('radio', { name: 'Perform' }));
  await goTo(byRole('radio', { name: 'Export', exact: true }), 'ArrowRight');
  await byRole('region', { name: 'Export', exact: true }).waitFor();
  await goTo(byRole('radio', { name: 'Perform' }), 'ArrowLeft');
  await byRole('region', { name: 'Perform', exact: true }).waitFor();
});

test('modes are chosen, layers laid over, and the menu gives the focus back', async () => {
  for (const [key, mode] of [
    ['1', 'source'],
    ['4', 'difference'],
    ['3', 'split'],
    ['2', 'avatar'],
  ] as const) {
    await press(key);
    await byRole('group', { name: new RegExp(`^Picture: ${mode}`) }).waitFor();
  }
  await goTo(byRole('button', { name: /^Overlay/ }));
  await press('Enter');
  const menu = byRole('dialog', { name: /^Overlay/ });
  await goTo(menu.getByRole('checkbox', { name: 'Mesh', exact: true }));
  await press('Space');
  await page.locator('.viewer-overlay[data-state=on]').waitFor({ state: 'attached' });
  await press('Escape');
  await menu.waitFor({ state: 'hidden' });
  await expect.poll(() => hasFocus(byRole('button', { name: /^Overlay/ }))).toBe(true);
  await press('w');
});

test('it plays and stops, and goes by frames', async () => {
  await goTo(byRole('slider', { name: 'Playhead' }));
  await press('Home', 'Space');
  await byRole('button', { name: 'Pause' }).first().waitFor();
  await page.getByText(/\d+p live/).waitFor();
  await expect.poll(() => byRole('textbox', { name: 'Time' }).inputValue()).not.toBe('00:00:00:00');
  await press('Space');
  await byRole('button', { name: 'Play', exact: true }).first().waitFor();
  await press('1', 'Home');
  await expect.poll(frameShown).toBe(0);
  await press('ArrowRight', 'ArrowRight', 'ArrowRight');
  await expect.poll(frameShown).toBe(3);
  await press('ArrowLeft');
  await expect.poll(frameShown).toBe(2);
  await press('Shift+ArrowRight');
  await expect.poll(frameShown).toBe(2 + FPS);
});

test('in and out are set, and what lies between them becomes a film that is opened and played', async () => {
  await press('i');
  for (let frames = 0; frames < 15; frames++) await press('ArrowRight');
  await press('o');
  await byRole('slider', { name: 'Out point' }).waitFor();
  await press('Alt+4');
  await byRole('region', { name: 'Export', exact: true }).waitFor();
  await goTo(byRole('radio', { name: 'Dub' }));
  await goTo(byRole('radio', { name: 'Portrait' }), 'ArrowDown');
  await goTo(byRole('button', { name: 'Export MP4' }));
  await press('Enter');
  const films = byRole('region', { name: 'Exports' });
  await films.waitFor();
  await goTo(films.getByRole('button', { name: /portrait/ }));
  await press('Enter');
  const film = page.getByLabel(/^Exported video/);
  await film.waitFor();
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.duration)).toBeCloseTo(15 / FPS, 1);
  await goTo(byRole('slider', { name: 'Place in the film' }));
  await press('Space');
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0);
  expect(await seriousFindings(page)).toEqual([]);
});

test('and no pointer touched the page', async () => {
  expect(await page.evaluate(() => (globalThis as unknown as { pointed: number }).pointed)).toBe(0);
});
