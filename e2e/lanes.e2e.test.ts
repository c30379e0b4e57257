import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaneName } from '../src/shared/domain/lanes/index.ts';
import { seriousFindings } from './accessibility.ts';
import { oneStory } from './one-story.ts';
import { type OpenedSample, openedSample } from './opened-sample.ts';
import { showPart } from './timeline-hands.ts';

// Head and smile are keyed over some seconds, looked at, moved, undone and had again; each test goes on where the one
// before it ended.
let id = '';
let sample: OpenedSample;
let host: OpenedSample['host'];
let page: Page;
let complaints: readonly string[] = [];

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const row = (title: string) => page.getByRole('slider', { name: `Keyframes of ${title}` });
const keysOf = (name: LaneName) => host.studio.timeline.take(id).take.lanes[name]?.keys ?? [];
const timesOf = (name: LaneName) => keysOf(name).map(({ at }) => Number(at.toFixed(2)));

oneStory();

beforeAll(async () => {
  sample = await openedSample();
  ({ id, host, page, complaints } = sample);
  await sample.go(`/project/${id}/perform`);
});
afterAll(() => sample?.close());

async function seek(time: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Time' });
  await field.fill(time);
  await field.press('Enter');
}

/** The live picture as it is once it has come to rest. */
async function picture(): Promise<string> {
  const canvas = page.locator('.viewer-stage canvas').first();
  let before = '';
  for (;;) {
    const now = createHash('sha256')
      .update(await canvas.screenshot())
      .digest('hex');
    if (now === before) return now;
    before = now;
    await page.waitForTimeout(400);
  }
}

async function type(title: string, value: string): Promise<void> {
  const field = page.getByRole('textbox', { name: `${title}, typed` });
  await field.fill(value);
  await field.press('Tab');
}

const pictures = { plain: '', keyed: '' };

test('a control that is set at the playhead is keyed there, and the picture follows', async () => {
  await page.getByText(/\d+p live/).waitFor();
  await page.getByText(/^(Drawing|Opening) the avatar/).waitFor({ state: 'hidden' });
  await showPart(page, 'Face');
  await page.getByRole('slider', { name: 'Smile', exact: true }).waitFor();
  await seek('1');
  pictures.plain = await picture();
  await seek('0.2');
  await button('Keyframe of Smile here').click(); // of what it is
  await seek('1');
  await type('Smile', '100');
  await seek('2.4');
  await type('Smile', '-50');
  await expect.poll(() => timesOf('face.smile')).toEqual([0.2, 1, 2.4]);
  await showPart(page, 'Head');
  for (const [time, degrees] of [
    ['0.2', '0'],
    ['1', '4'],
    ['2.4', '-4'],
  ] as const) {
    await seek(time);
    await type('Turn', degrees);
  }
  await expect.poll(() => timesOf('head.yaw')).toEqual([0.2, 1, 2.4]);
  await seek('1');
  await expect.poll(picture).not.toBe(pictures.plain);
  pictures.keyed = await picture();
  expect(await seriousFindings(page)).toEqual([]);
});

test('undo takes all of it back, redo brings all of it, and a reload keeps it', async () => {
  for (let steps = 0; (await button('Undo').isEnabled()) && steps < 20; steps++) await button('Undo').click();
  await expect.poll(() => host.studio.timeline.take(id).take.lanes).toEqual({});
  await expect.poll(picture).toBe(pictures.plain);
  for (let steps = 0; (await button('Redo').isEnabled()) && steps < 20; steps++) await button('Redo').click();
  await expect.poll(() => timesOf('head.yaw')).toEqual([0.2, 1, 2.4]);
  await expect.poll(picture).toBe(pictures.keyed);
  await page.reload();
  await page.getByText(/\d+p live/).waitFor();
  await page.getByText(/^(Drawing|Opening) the avatar/).waitFor({ state: 'hidden' });
  await row('Smile').waitFor();
  await expect.poll(picture).toBe(pictures.keyed);
});

/** Where a keyframe of an open lane lies on the screen. */
async function spot(title: string, name: LaneName, place: number): Promise<{ x: number; y: number }> {
  const box = (await row(title).boundingBox())!;
  const { at, value } = keysOf(name)[place]!;
  const [from, to] = await Promise.all(
    ['aria-valuemin', 'aria-valuemax'].map(async (end) => Number(await row(title).getAttribute(end))),
  );
  const [whole, inset] = [4 * 1.04, 5.5]; // seconds on screen; from the row's edge to the outermost value
  const share = (value - from!) / (to! - from!);
  return { x: box.x + (at / whole) * box.width, y: box.y + box.height - inset - share * (box.height - 2 * inset) };
}

test('keyframes are dragged in time and value, chosen together, and each gesture is one step of undo', async () => {
  await button('Smile').click();
  const at = await spot('Smile', 'face.smile', 1);
  const { value } = keysOf('face.smile')[1]!;
  const before = await picture();
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  for (let step = 1; step <= 6; step++) await page.mouse.move(at.x + step * 10, at.y + step * 4);
  await expect.poll(picture).not.toBe(before); // while it is held
  await page.mouse.up();
  await expect.poll(() => timesOf('face.smile')[1]).toBeGreaterThan(1.1);
  expect(keysOf('face.smile')[1]!.value).toBeLessThan(value - 0.2);
  await button('Undo').click();
  await expect.poll(() => timesOf('face.smile')).toEqual([0.2, 1, 2.4]);
  expect(keysOf('face.smile')[1]!.value).toBe(value);

  const [first, second] = [await spot('Smile', 'face.smile', 0), await spot('Smile', 'face.smile', 1)];
  await page.mouse.click(first.x, first.y);
  await page.keyboard.down('Shift');
  await page.mouse.click(second.x, second.y);
  await page.keyboard.up('Shift');
  await page.keyboard.press('Shift+H');
  await expect.poll(() => keysOf('face.smile').map(({ curve }) => curve)).toEqual(['hold', 'hold', 'smooth']);
  await page.keyboard.press('Control+c');
  await seek('2.8');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+v');
  await expect.poll(() => timesOf('face.smile')).toEqual([0.2, 1, 2.4, 2.8, 3.6]);
  await page.keyboard.press('Delete');
  await expect.poll(() => timesOf('face.smile')).toEqual([0.2, 1, 2.4]);
});

test('the menu of a lane offers what can be done with it, and a muted lane says nothing', async () => {
  const { x, y } = await spot('Smile', 'face.smile', 1);
  await page.mouse.click(x, y, { button: 'right' });
  const menu = page.getByRole('menu', { name: 'Keyframes' });
  await menu.getByRole('menuitem', { name: /^Straight to the next/ }).click();
  await expect.poll(() => keysOf('face.smile')[1]?.curve).toBe('linear');
  await seek('2.6'); // where the lane works against what is said
  const keyed = await picture();
  await button('Mute Smile').click();
  await expect.poll(picture).not.toBe(keyed);
  await button('Mute Smile').click();
  await expect.poll(picture).toBe(keyed);
});

test('a lane is added from the menu, and all of it works by keys alone', async () => {
  await seek('1');
  await button('Add a lane of keyframes').click();
  await page.getByRole('menuitem', { name: 'Nod' }).click();
  await row('Nod').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => timesOf('head.pitch')).toEqual([1]);
  const { value } = keysOf('head.pitch')[0]!;
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => timesOf('head.pitch')).toEqual([1.04]);
  expect(keysOf('head.pitch')[0]!.value).toBeCloseTo(value + 0.2);
  expect(await row('Nod').getAttribute('aria-valuetext')).toMatch(/^keyframe 1 of 1, at 00:00:01:01, .*°, smooth$/);
  await row('Smile').focus();
  await page.keyboard.press('End');
  expect(await row('Smile').getAttribute('aria-valuetext')).toMatch(/^keyframe 3 of 3, at 00:00:02:10, /);
  await page.keyboard.press(',');
  await expect.poll(() => page.getByRole('textbox', { name: 'Time' }).inputValue()).toBe('00:00:01:00');
  expect(await seriousFindings(page)).toEqual([]);
});

test('an export says what is keyed, and what of it a dub leaves to the video', async () => {
  const step = page.getByRole('radiogroup', { name: 'Step' });
  await step.getByText('Export', { exact: true }).click();
  const used = page.getByRole('region', { name: 'What will be used' });
  expect(await used.innerText()).toMatch(/Keyed\s+smile\s+Left to the video\s+turn, nod/);
  await page.getByLabel('Portrait').check();
  expect(await used.innerText()).toMatch(/Keyed\s+turn, nod, smile/);
  await step.getByText('Perform', { exact: true }).click();
  await page.getByRole('region', { name: 'Perform', exact: true }).waitFor();
});

test('one button turns head and gaze to the camera', async () => {
  await showPart(page, 'Head');
  await button('Face the camera').click();
  await expect.poll(() => keysOf('head.yaw')).toMatchObject([{ at: 0, curve: 'hold' }]);
  expect(keysOf('gaze.camera')).toMatchObject([{ at: 0, value: 1 }]);
  await button('Undo').click();
  await expect.poll(() => timesOf('head.yaw')).toEqual([0.2, 1, 2.4]);
});

test('nothing of all this was complained about', () => {
  expect(complaints).toEqual([]);
});
