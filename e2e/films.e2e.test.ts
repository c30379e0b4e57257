import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import { type OpenedSample, openedSample } from './opened-sample.ts';
import { provenancePath } from '../src/main/studio/export/index.ts';
import { locateMediaTools } from '../src/main/studio/media/index.ts';

// Films of other shapes and formats, over other backgrounds: chosen, looked at, made, remembered.
const folder = mkdtempSync(join(tmpdir(), 'likeness-films-'));
const tools = await locateMediaTools(join(import.meta.dirname, '..', 'trainer', '.venv'));
const picture = join(folder, 'red.png');
let sample: OpenedSample;
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const panel = () => page.getByRole('region', { name: 'Export', exact: true });
const films = () => page.getByRole('region', { name: 'Exports' });
const option = (name: string) => panel().getByLabel(name, { exact: true });
const editors = () => panel().getByLabel('Timeline for editors (.otio)');
const line = () => panel().getByText(/^(Portrait|Dub), /);

beforeAll(async () => {
  const red = ['-f', 'lavfi', '-i', 'color=red:s=90x60', '-frames:v', '1', '-update', '1'];
  execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...red, picture]);
  sample = await openedSample();
  ({ page } = sample);
  const { take, revision } = sample.host.studio.timeline.take(sample.id);
  sample.host.studio.timeline.saveTake(sample.id, { ...take, range: { from: 0, to: 0.4 } }, revision);
  await sample.go(`/project/${sample.id}/export`);
  await page.getByRole('radio', { name: 'Portrait' }).check();
  await page.getByRole('radio', { name: 'The timeline' }).check();
});
afterAll(async () => {
  await sample?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('everything that is chosen is in sight, in a small window too', async () => {
  await option('Background').selectOption('colour');
  for (const size of [
    { width: 1280, height: 800 },
    { width: 1024, height: 700 },
  ]) {
    await page.setViewportSize(size);
    const foot = (await page.locator('.inspector-foot').boundingBox())!;
    for (const name of ['Preset', 'Format', 'Quality', 'Height', 'Shape', 'Background', 'Colour']) {
      const box = (await option(name).boundingBox())!;
      expect(box.y + box.height, `${name}, ${size.width} wide`).toBeLessThanOrEqual(foot.y);
    }
    const said = (await line().boundingBox())!;
    expect(said.y + said.height, `${size.width} wide`).toBeLessThanOrEqual(foot.y);
  }
  expect(await seriousFindings(page)).toEqual([]);
});

test('a preset sets what it is for, and what does not go together gives way', async () => {
  await option('Preset').selectOption('shorts');
  expect(await line().textContent()).toBe('Portrait, 1080x1920, over #1e3a5f, as MP4, H.264.');
  await option('Background').selectOption('transparent');
  expect(await option('Format').inputValue()).toBe('webm');
  expect(await option('Preset').inputValue()).toBe('');
  await option('Format').selectOption('mp4');
  expect(await option('Background').inputValue()).toBe('own');
});

test('a frame shows it before, over a picture of somebody’s', async () => {
  await option('Shape').selectOption('16:9');
  await option('Height').selectOption('360');
  await option('Background').selectOption('file');
  expect(await button(/^Export MP4/).isDisabled()).toBe(true);
  const chooser = page.waitForEvent('filechooser');
  await panel().getByRole('button', { name: 'Picture or video' }).click();
  await (await chooser).setFiles(picture);
  await button('See a frame').click();
  const shown = page.getByRole('img', { name: 'A frame of a take' });
  await shown.waitFor();
  const corner = () =>
    shown.evaluate((image: HTMLImageElement) => {
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      return [image.naturalWidth, image.naturalHeight, ...context.getImageData(4, 4, 1, 1).data];
    });
  await expect.poll(corner).toEqual([640, 360, 254, 0, 0, 255].map((value) => expect.closeTo(value, -1) as number));
});

test('a film without a background is made, can be seen, and says what it is', async () => {
  await option('Shape').selectOption('9:16');
  await option('Background').selectOption('transparent');
  await page.getByRole('radio', { name: 'The timeline' }).check();
  await editors().check();
  await button(/^Export WEBM/).click();
  await films()
    .getByRole('button', { name: /portrait/ })
    .filter({ has: page.locator('video') })
    .first()
    .click();
  await page.getByLabel(/^Exported video/).waitFor();
  const { exports } = await sample.host.studio.projects.get(sample.id);
  const { name } = exports.find((one) => one.name.endsWith('.webm'))!;
  const path = join(sample.host.studio.avatars.exportsFolder(sample.id), name);
  expect(JSON.parse(readFileSync(provenancePath(path), 'utf8'))).toMatchObject({
    picture: { format: 'webm', shape: '9:16', background: { kind: 'transparent' } },
  });
  expect(await seriousFindings(page)).toEqual([]);
});

test('a timeline for editors lies beside it, among the exports', async () => {
  const row = films().getByRole('listitem').filter({ hasText: 'OTIO' });
  await row.getByText(/portrait/).waitFor();
  expect(await row.getByRole('button').count()).toBe(0); // a browser cannot play it
  const href = await row.getByRole('link', { name: /^Download/ }).getAttribute('href');
  const edited = await page.evaluate(async (from) => (await fetch(from)).text(), href!);
  const { exports } = await sample.host.studio.projects.get(sample.id);
  const film = exports.find(({ name }) => name.endsWith('.webm'))!.name;
  expect(exports.map(({ name }) => name)).toContain(film.replace(/webm$/, 'otio'));
  expect(JSON.parse(edited)).toMatchObject({ OTIO_SCHEMA: 'Timeline.1' });
  for (const said of ['Film', 'Source', 'Sound 1', encodeURIComponent(film)]) expect(edited).toContain(said);
});

test('what no editor has a use for offers none', async () => {
  for (const format of ['gif', 'png']) {
    await option('Format').selectOption(format);
    expect(await editors().count(), format).toBe(0);
  }
  await option('Format').selectOption('webm');
  await page.getByRole('radio', { name: 'The video’s own' }).check();
  expect(await editors().count()).toBe(0);
});

test('what was chosen is there after a reload', async () => {
  await page.reload();
  await option('Shape').waitFor();
  expect(await option('Shape').inputValue()).toBe('9:16');
  expect(await option('Format').inputValue()).toBe('webm');
  expect(await page.getByRole('radio', { name: 'Portrait' }).isChecked()).toBe(true);
  await page.getByRole('radio', { name: 'The timeline' }).check();
  expect(await editors().isChecked()).toBe(true);
});

test('nothing of all this was complained about', () => {
  expect(sample.complaints).toEqual([]);
});
