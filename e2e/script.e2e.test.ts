import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../src/main/studio/media/clips.fixture.ts';
import { writeVoice } from '../src/main/studio/voices/voice.fixture.ts';
import { cuesOf } from '../src/shared/domain/script/index.ts';
import { seriousFindings } from './accessibility.ts';
import { dropOnWindow } from './dropping.ts';
import { openedWindow } from './opened-window.ts';
import { placeOf, showPart } from './timeline-hands.ts';

// A script is written, spoken by a voice that hums, and edited, in the window.
const library = mkdtempSync(join(tmpdir(), 'likeness-script-'));
const at = (name: string): string => join(library, name);
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let project = '';

const panel = () => page.getByRole('region', { name: 'Script', exact: true });
const text = () => panel().getByRole('textbox', { name: 'Script' });
const press = (name: string) => panel().getByRole('button', { name, exact: true }).click();
const clips = () => host.studio.timeline.take(project).take.clips;
const spoken = async () =>
  (await host.studio.projects.get(project)).sounds.filter((sound) => sound.spoken).map(({ name }) => name);

beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  host = await serve({ libraryDir: at('library') });
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  project = (await host.studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  ({ browser, page, complaints } = await openedWindow(host.url));
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await showPart(page, 'Script');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('without a voice it says how to get one, and asks for its terms', async () => {
  await panel().getByText('There is no voice on this computer yet.').waitFor();
  expect(await panel().getByRole('button', { name: 'Speak', exact: true }).isDisabled()).toBe(true);
  await panel().getByRole('button', { name: 'Get Joe' }).click();
  const dialog = page.getByRole('dialog', { name: 'The voice Joe' });
  await dialog.getByText('whether a voice made from it may be used commercially is not settled').waitFor();
  await dialog.getByRole('button', { name: 'Agree and download' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a script becomes a clip in the place of the video’s untouched sound', async () => {
  await host.studio.system.addModel(writeVoice(at('Hum.onnx')));
  await page.reload();
  await showPart(page, 'Script');
  await text().fill('Hello. This is a test.');
  await panel().getByText('2 sentences').waitFor();
  await press('Speak');
  await page.getByRole('slider', { name: 'Start of Hello. This is a test.' }).waitFor();
  await expect.poll(() => clips().length).toBe(1);
  expect(await spoken()).toEqual(['Hello. This is a test.']);
  await panel().getByText('Script of the selected clip').waitFor();
  expect(await text().inputValue()).toBe('Hello. This is a test.');
  expect(await seriousFindings(page)).toEqual([]);
});

test('edited and spoken again, the clip says the new text, and undo brings the old one back', async () => {
  const [, end] = await placeOf(page, 'Hello. This is a test.');
  await text().fill('Hello. This is a much longer test than before.');
  await press('Speak again');
  await page.getByRole('slider', { name: 'Start of Hello. This is a much longer test than' }).waitFor();
  const job = host.studio.jobs.list().find(({ kind }) => kind === 'say')!;
  expect(host.studio.voices.said(job.id)).toMatchObject({ sentences: 2, anew: 1 });
  await expect.poll(() => clips()[0]!.seconds).toBeGreaterThan(end);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await page.getByRole('slider', { name: 'Start of Hello. This is a test.' }).waitFor();
  expect(await text().inputValue()).toBe('Hello. This is a test.');
});

test('its film has captions beside it', async () => {
  await page.goto(new URL(`/#/project/${project}/export`, host.url).href);
  await page.getByRole('radio', { name: 'Portrait' }).check();
  await page.getByRole('combobox', { name: 'Captions' }).selectOption('srt');
  await page.getByRole('button', { name: 'Export MP4' }).click();
  await page.getByRole('region', { name: 'Exports' }).getByText('SRT').waitFor();
  const film = host.studio.jobs.list().find(({ kind }) => kind === 'export')!;
  const { captions } = (film.state.kind === 'done' ? film.state.result : {}) as { captions?: string };
  expect(cuesOf(readFileSync(captions!, 'utf8')).map(({ text }) => text)).toEqual(['Hello.', 'This is a test.']);
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await text().waitFor();
});

test('dropped subtitles are the text; what cannot be said is told before anything is spoken', async () => {
  await dropOnWindow(page, srt('1\n00:00:00,000 --> 00:00:01,000\n<i>One</i>\n'), 'Drop to make it the script');
  await expect.poll(() => text().inputValue()).toBe('One');
  await text().fill('<speak>One</speak>');
  await panel().getByText('Take the tags out: words alone are read.').waitFor();
  expect(await panel().getByRole('button', { name: 'Speak again' }).isDisabled()).toBe(true);
  expect(complaints.join('\n')).toBe('');
});

const srt = (content: string) => ({ name: 'talk.srt', type: 'text/plain', bytes: Buffer.from(content) });
