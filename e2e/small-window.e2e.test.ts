import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import { type OpenedSample, openedSample } from './opened-sample.ts';
import { picturesShown } from './opened-window.ts';
import { shortSample } from './short-sample.ts';
import { showPart } from './timeline-hands.ts';

// What a person needs next is on the screen, also of a small window, and what is removed can be had back or is gone.
let library = '';
let id = '';
let sample: OpenedSample;
let host: OpenedSample['host'];
let page: Page;
let complaints: readonly string[] = [];
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1024, height: 700 },
] as const;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const go = (path: string) => sample.go(path);
const panel = (name: string) => page.getByRole('region', { name, exact: true });

beforeAll(async () => {
  sample = await openedSample();
  ({ id, host, page, complaints, library } = sample);
});
afterAll(() => sample?.close());

/** Whether all of it lies inside the panel, which ends above the timeline. */
async function inSight(element: Locator, inside: Locator): Promise<boolean> {
  const [one, whole] = [await element.boundingBox(), await inside.boundingBox()];
  return one !== null && whole !== null && one.y >= whole.y && one.y + one.height <= whole.y + whole.height;
}

test('every control of Perform is on one screen, with a second sound and a style', async () => {
  const { resources } = host.studio.installation;
  const sound = await host.studio.timeline.addSound(id, join(resources, 'sample', 'other-voice.wav'), 'Other voice');
  const { take, revision } = host.studio.timeline.take(id);
  const clips = [{ id: 'other', sound: sound.id, at: 0, start: 0, seconds: 2 }];
  const speech = { ...take.speech, strength: 1.2, style: { entry: 1, amount: 0.4 } };
  host.studio.timeline.saveTake(id, { ...take, clips, speech }, revision);
  await go(`/project/${id}/perform`);
  await page.getByText(/\d+p live/).waitFor();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const part of ['Speech', 'Live', 'Head', 'Place', 'Face', 'Eyes', 'Light']) {
      await showPart(page, part);
      await page.waitForTimeout(300);
      const beyond = await panel('Perform').evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
      expect(beyond, `${part}, ${size.width} wide`).toBe(0);
    }
  }
});

test('what a step is for can be pressed without scrolling', async () => {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const [step, name, what] of [
      ['source', 'Source', 'Go on to Train'],
      ['export', 'Export', 'Export MP4'],
    ] as const) {
      await go(`/project/${id}/${step}`);
      await button(what).waitFor();
      expect(await inSight(button(what), panel(name)), `${what}, ${size.width} wide`).toBe(true);
    }
  }
  expect(await seriousFindings(page)).toEqual([]);
});

test('a training that was stopped says what there is still to do', async () => {
  const { jobs, runs } = host.studio.library;
  const run = runs.start(id, { preset: 'draft', device: 'auto', seed: 0 });
  const { id: job } = jobs.add({ kind: 'train', lane: 'trainer', projectId: id, runId: run.id, request: {} }, 'gone');
  const progress = { share: 0.62, ends: [0.1, 0.8, 1], stage: 'refine', stageIndex: 1, unit: 'steps' };
  jobs.finish(
    job,
    { kind: 'cancelled', checkpoint: null, progress: { ...progress, done: 420, total: 1600, etaSeconds: 185 } },
    'gone',
  );
  await go(`/project/${id}/train`);
  await page.reload();
  const stopped = panel('Train').getByRole('status').filter({ hasText: 'Stopped.' });
  await stopped.waitFor();
  expect(await stopped.innerText()).toContain(
    '38 % still to do: 1,180 steps of “Training: detail”, about 3 min in all.',
  );
});

test('whoever is asked for consent sees whose face it is', async () => {
  await go('/');
  await page.getByTestId('choose-videos').setInputFiles(await shortSample());
  const dialog = page.getByRole('dialog', { name: 'Whose face is this?' });
  const picture = dialog.getByRole('img', { name: /^A moment of / });
  await picture.waitFor();
  const levels = await picture.evaluate(async (element: HTMLImageElement) => {
    await element.decode();
    const canvas = new OffscreenCanvas(element.naturalWidth, element.naturalHeight);
    const context = canvas.getContext('2d')!;
    context.drawImage(element, 0, 0);
    return new Set(context.getImageData(0, 0, canvas.width, canvas.height).data).size;
  });
  expect(levels).toBeGreaterThan(100); // a picture, and not one colour
  const { data } = await picture.evaluate(async (element: HTMLImageElement) => ({ data: element.src.slice(0, 23) }));
  expect(data).toBe('data:image/jpeg;base64,');
  for (const size of SIZES) {
    await page.setViewportSize(size);
    expect(await inSight(dialog.getByRole('button', { name: 'Import' }), page.locator('body'))).toBe(true);
  }
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

/** By the palette: a few letters, and Enter. */
async function command(letters: string, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands and projects' });
  await palette.getByRole('textbox').fill(letters);
  await palette.getByText(title, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'hidden' });
}

test('what was removed is listed, comes back and is deleted for good, all by commands', async () => {
  await picturesShown(page);
  await host.studio.projects.remove(id);
  await button('Removed projects (1)').waitFor();
  await command('bring back', 'Bring back the project that was removed last');
  await page.getByRole('article').getByText('Sample').waitFor();
  await picturesShown(page);
  await host.studio.projects.remove(id);
  await button('Removed projects (1)').waitFor();
  await command('removed projects', 'Removed projects…');
  const list = page.getByRole('dialog', { name: 'Removed projects' });
  await list.getByRole('button', { name: 'Delete Sample for good' }).click();
  const asked = page.getByRole('dialog', { name: 'Delete this project for good?' });
  await asked.getByText('There is no way back.').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await asked.getByRole('button', { name: 'Keep' }).click();
  expect(host.studio.projects.trashed()).toHaveLength(1);
  await command('empty the trash', 'Empty the trash…');
  await asked.getByRole('button', { name: 'Delete for good' }).click();
  await button('Removed projects (1)').waitFor({ state: 'detached' });
  expect(host.studio.projects.trashed()).toEqual([]);
  expect(existsSync(join(library, 'trash', id))).toBe(false);
});

test('nothing of all this was complained about', () => {
  expect(complaints.join('\n')).toBe('');
});
