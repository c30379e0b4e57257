import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import { oneStory } from './one-story.ts';
import { type OpenedSample, openedSample } from './opened-sample.ts';

// A trained avatar is looked at, beside its held-out frames and its films; each test goes on where the one before it
// ended.
let id = '';
let sample: OpenedSample;
let host: OpenedSample['host'];
let page: Page;
let complaints: readonly string[] = [];

const button = (name: string) => page.getByRole('button', { name, exact: true });
const step = (name: string) => page.getByRole('radiogroup', { name: 'Step' }).getByText(name, { exact: true });

oneStory();

beforeAll(async () => {
  sample = await openedSample();
  ({ id, host, page, complaints } = sample);
  await sample.go(`/project/${id}/perform`);
});
afterAll(() => sample?.close());

/** The avatar's picture is there: nothing is said to be drawn or opened any more. */
async function avatarShown(): Promise<void> {
  await page.getByText(/\d+p live/).waitFor();
  await page.getByText(/^(Drawing|Opening) the avatar/).waitFor({ state: 'hidden' });
}

test('the avatar is there again after the held-out frames, without a touch of the playhead', async () => {
  await avatarShown();
  for (let times = 0; times < 2; times++) {
    await step('Train').click();
    await page.getByRole('img', { name: /Held-out frames/ }).waitFor();
    await step('Perform').click();
    await avatarShown();
  }
  expect(await page.locator('.viewer-note').count()).toBe(0);
});

test('what plays is on screen: the held-out frames give way to the moment', async () => {
  await step('Train').click();
  const heldOut = page.getByRole('img', { name: /Held-out frames/ });
  await heldOut.waitFor();
  await page.keyboard.press('Space');
  await heldOut.waitFor({ state: 'detached' });
  await button('Pause').waitFor();
  expect(await page.locator('.viewer-made').count()).toBe(0);
  await page.keyboard.press('Space');
  await button('Play').waitFor();
});

test('an export says what it uses, and two of them are shown, the one that runs first', async () => {
  const { take, revision } = host.studio.timeline.take(id);
  const pose = { kind: 'still', frame: 7 } as const;
  host.studio.timeline.saveTake(id, { ...take, pose, range: { from: 0, to: 1 } }, revision);
  await step('Export').click();
  const used = page.getByRole('region', { name: 'What will be used' });
  await used.getByText('as in the video, whatever Perform says').waitFor();
  await page.getByLabel('Portrait').check();
  await used.getByText('holds frame 7').waitFor();
  await button('Export MP4').click();
  await button('Export another MP4').click();
  const panel = page.getByRole('region', { name: 'Export', exact: true });
  await panel.getByRole('progressbar').nth(1).waitFor({ state: 'attached' });
  expect(await panel.getByRole('status').nth(1).textContent()).toContain('Waits for Export');
  await panel.getByRole('progressbar').first().waitFor({ state: 'detached' });
});

test('a film has the transport while it is on screen, and the take rests', async () => {
  const films = page.getByRole('region', { name: 'Exports' });
  await films
    .getByRole('button', { name: /portrait/ })
    .first()
    .click();
  const film = page.getByLabel(/^Exported video/);
  const playing = () => film.evaluate((video: HTMLVideoElement) => !video.paused);
  const at = () => film.evaluate((video: HTMLVideoElement) => video.currentTime);
  const playhead = async () =>
    Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow'));
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.duration)).toBeCloseTo(1, 1);
  const rested = await playhead();
  await page.keyboard.press('Shift+l');
  await page.keyboard.press('Space');
  await button('Pause').waitFor();
  await expect.poll(at).toBeGreaterThan(0.1);
  expect([await playing(), await playhead()]).toEqual([true, rested]);
  await page.keyboard.press('Space');
  await expect.poll(playing).toBe(false);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(at).toBeCloseTo(0.04, 2);
  expect(await page.getByRole('textbox', { name: 'Time' }).inputValue()).toBe('00:00:00:01');
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Shift+l');
  await step('Perform').click();
  await avatarShown(); // and not only once the playhead moves
  expect(await playhead()).toBe(rested);
});

test('nothing was reported to the console on the way', () => {
  expect(complaints.join('\n')).toBe('');
});
