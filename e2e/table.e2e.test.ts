import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../src/main/studio/media/clips.fixture.ts';
import { writeVoice } from '../src/main/studio/voices/voice.fixture.ts';
import { seriousFindings } from './accessibility.ts';
import { dropOnWindow } from './dropping.ts';
import { openedWindow } from './opened-window.ts';

// A table of films is dropped, refused, mended and made, in the window.
const library = mkdtempSync(join(tmpdir(), 'likeness-table-'));
const at = (name: string): string => join(library, name);
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let project = '';

const dialog = () => page.getByRole('dialog', { name: 'Films of jobs.csv' });
const row = (number: number) => dialog().getByRole('row', { name: new RegExp(`^${number} `) });
const drop = (...rows: string[]) => {
  const text = ['project,text,mode,height,out', ...rows, ''].join('\n');
  return dropOnWindow(page, { name: 'jobs.csv', type: 'text/csv', bytes: Buffer.from(text) });
};

beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  host = await serve({ libraryDir: at('library') });
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  project = (await host.studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  await host.studio.system.addModel(writeVoice(at('Hum.onnx')));
  ({ browser, page, complaints } = await openedWindow(host.url));
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('what is wrong with a table is said cell by cell, and nothing is made', async () => {
  await drop('Ada,Good morning.,portrait,128,one.mp4', 'Eve,See you soon.,portrait,128,/films/two.mp4');
  await dialog().getByText('Row 3, column “project”: There is no project "Eve".').waitFor();
  await row(3).getByText('project', { exact: true }).waitFor();
  expect(await dialog().getByRole('button', { name: 'Make 2 films' }).isDisabled()).toBe(true);
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
  expect(host.studio.jobs.list()).toEqual([]);
});

test('its films are made with the dialog closed, and are among the exports', async () => {
  await drop('Ada,Good morning.,portrait,128,one.mp4', 'Ada,See you soon.,portrait,128,two.mp4');
  await row(2).getByText('Good morning.').waitFor();
  await page.keyboard.press('Enter'); // the button that makes them has the focus
  await dialog().getByRole('button', { name: 'Cancel' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
  await page.getByText('jobs.csv: 2 of 2 films are there.').waitFor();
  await page.getByRole('region', { name: 'Films of a table' }).getByRole('button', { name: 'Show' }).click();
  for (const number of [2, 3])
    await row(number)
      .getByText(/^made, /)
      .waitFor();
  await dialog()
    .getByText(/^The table of results: .*jobs\.results\.csv$/)
    .waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const { exports } = await host.studio.projects.get(project);
  expect(exports.map(({ name }) => name).sort()).toEqual(['one.mp4', 'two.mp4']);
  expect(readFileSync(join(host.studio.libraryDir, 'lists', 'jobs.results.csv'), 'utf8')).toContain('two.mp4,made');
  await dialog().getByRole('button', { name: 'Close' }).last().click();
});

test('given another time it makes what is not there, and cancelled it keeps what is', async () => {
  await drop(
    'Ada,Good morning.,portrait,128,one.mp4',
    `Ada,${'It is a long text. '.repeat(40)},portrait,128,three.mp4`,
  );
  await dialog().getByRole('button', { name: 'Make 2 films' }).click();
  await row(3)
    .getByText(/^(speaking|making), /)
    .waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await dialog().getByText('Cancelled: the same table goes on where it was stopped. 1 of 2 films are there.').waitFor();
  await row(2).getByText('there', { exact: true }).waitFor();
  const { exports } = await host.studio.projects.get(project);
  expect(exports.map(({ name }) => name)).not.toContain('three.mp4');
});

test('nothing of all this was complained about', () => {
  expect(complaints).toEqual([]);
});
