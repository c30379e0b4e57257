import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../src/main/studio/media/clips.fixture.ts';
import { provenancePath } from '../src/main/studio/export/index.ts';
import { seriousFindings } from './accessibility.ts';
import { openedWindow } from './opened-window.ts';
import { showPart } from './timeline-hands.ts';

// Two takes of one project, as a person goes between them: each test goes on where the one before it ended.
const library = mkdtempSync(join(tmpdir(), 'likeness-takes-'));
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let project = '';

const menu = () => page.getByRole('button', { name: /^Take: / });
const open = (name: string) => page.getByRole('button', { name: `Take: ${name}`, exact: true }).waitFor();
const item = (name: string) => page.getByRole('menuitem', { name, exact: true });
const choose = async (name: string) => {
  await menu().click();
  await item(name).click();
};
const head = (name: string) => page.getByRole('radio', { name });
const isHead = async (name: string) => {
  await expect.poll(() => head(name).isChecked()).toBe(true);
};
const press = (key: string) => page.keyboard.press(key);
/** Keys are a menu's as long as it is there, and it takes a moment to go. */
const pressOnPage = async (key: string) => {
  await page.getByRole('menu').or(page.getByRole('dialog')).waitFor({ state: 'detached' });
  await press(key);
};

beforeAll(async () => {
  host = await serve({ libraryDir: library });
  const clip = join(library, 'clip.mp4');
  await tinyClip(clip);
  ({ projectId: project } = await host.studio.projects.importVideo({
    path: clip,
    name: 'Ada',
    consent: { basis: 'synthetic', note: '' },
  }));
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  ({ browser, page, complaints } = await openedWindow(host.url));
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await open('Take 1');
  await showPart(page, 'Head');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('another take begins anew, and each keeps what was set and its own undo', async () => {
  await page.getByText('Holds one frame', { exact: true }).click();
  await isHead('Holds one frame');
  await choose('New take');
  await open('Take 2');
  await isHead('As in the video');
  expect(await page.getByRole('button', { name: 'Undo', exact: true }).isDisabled()).toBe(true);
  await pressOnPage('PageUp');
  await open('Take 1');
  await isHead('Holds one frame');
  await pressOnPage('Control+z');
  await isHead('As in the video');
  await pressOnPage('Control+Shift+z');
  await isHead('Holds one frame');
});

test('a manner is saved in one and applied to the other, as one step of undo', async () => {
  await page.getByRole('button', { name: /^Saved manner/ }).click();
  await item('Save as…').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Calm');
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Saved manner: Calm' }).waitFor();
  await pressOnPage('PageDown');
  await open('Take 2');
  await page.getByRole('button', { name: 'Saved manner: Choose or save' }).click();
  await page.getByRole('menuitemradio', { name: 'Calm' }).click();
  await isHead('Holds one frame');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await isHead('As in the video');
});

test('with keys alone one is renamed, and another chosen in the menu', async () => {
  await pressOnPage('F2');
  await page.getByRole('textbox', { name: 'Name' }).fill('Second');
  await press('Enter');
  await open('Second');
  await menu().focus();
  await press('Enter');
  await page.getByRole('menuitemradio', { name: 'Take 1' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('menuitemradio', { name: 'Take 1' }).focus();
  await press('Enter');
  await open('Take 1');
});

test('what was open is open after a reload, and in a new window the one that was opened last anywhere', async () => {
  await pressOnPage('PageDown');
  await open('Second');
  await expect.poll(() => host.studio.takes.list(project).find((take) => take.open)?.name).toBe('Second');
  host.studio.takes.open(project, 'Take 1');
  await page.reload();
  await showPart(page, 'Head');
  await open('Second');
  const other = await browser.newPage();
  await other.goto(host.url);
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Take: Take 1', exact: true }).waitFor();
  await other.close();
});

test('the open take is exported, by its name', async () => {
  await page.goto(new URL(`/#/project/${project}/export`, host.url).href);
  await page.getByRole('radio', { name: 'The timeline' }).check();
  await page.getByRole('radio', { name: 'Portrait' }).check();
  await page.getByRole('region', { name: 'What will be used' }).getByText('Second', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Export MP4' }).click();
  await page
    .getByRole('region', { name: 'Exports' })
    .getByRole('button', { name: /^Ada Second portrait, / })
    .waitFor();
  const { exports } = await host.studio.projects.get(project);
  expect(exports.map(({ name }) => name)).toEqual([expect.stringMatching(/^Ada Second portrait [\d-]+ [\d-]+\.mp4$/)]);
  const record = provenancePath(join(host.studio.avatars.exportsFolder(project), exports[0]!.name));
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ take: 'Second' });
});

test('the frame at the playhead is saved as a picture, and says what it is', async () => {
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await page.getByRole('button', { name: 'More about the picture' }).click();
  await page.getByRole('menuitem', { name: /^Save this frame as a dub/ }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await press('Home');
  for (let k = 0; k < 5; k++) await press('ArrowRight');
  await pressOnPage('Shift+p');
  await page.getByRole('button', { name: 'Show Saving a frame' }).click();
  await page
    .getByRole('region', { name: 'Exports' })
    .getByRole('button', { name: /^Ada Second portrait, / })
    .first()
    .click();
  const picture = page.getByRole('img', { name: 'A frame of a take' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(360);
  const { exports } = await host.studio.projects.get(project);
  expect(exports[0]!.name).toMatch(/^Ada Second portrait [\d-]+ [\d-]+\.png$/);
  const record = provenancePath(join(host.studio.avatars.exportsFolder(project), exports[0]!.name));
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ take: 'Second', output: { frame: 5 } });
  expect(await seriousFindings(page)).toEqual([]);
});

test('the picture fills the screen, and no longer does, by a key and by a button', async () => {
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  const filled = () => page.evaluate(() => document.fullscreenElement?.getAttribute('aria-label') ?? null);
  await page.getByRole('button', { name: 'Full screen' }).click();
  await expect.poll(filled).toMatch(/^Picture: /);
  await press('Shift+f');
  await expect.poll(filled).toBeNull();
});

test('a take that is removed comes back by undo, and the last one cannot be removed', async () => {
  await choose('Remove');
  await open('Take 1');
  await menu().click();
  expect(await item('Remove').isDisabled()).toBe(true);
  await item('Bring back “Second”').waitFor();
  await press('Escape');
  await page.getByText('“Second” was removed.').waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await open('Second');
});

test('a project is duplicated from the library, with its takes', async () => {
  await page.goto(new URL('/#/', host.url).href);
  await page.getByRole('button', { name: 'More about Ada', exact: true }).click();
  await item('Duplicate').click();
  await page.getByRole('button', { name: 'More about Ada 2', exact: true }).waitFor();
  const copy = host.studio.projects.list().find(({ name }) => name === 'Ada 2')!;
  expect(host.studio.takes.list(copy.id).map(({ name }) => name)).toEqual(['Take 1', 'Second']);
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints.join('\n')).toBe('');
});
