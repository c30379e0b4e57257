import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaneName } from '../src/shared/domain/lanes/index.ts';
import { seriousFindings } from './accessibility.ts';
import { keyingHands } from './keying-hands.ts';
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

let hands: ReturnType<typeof keyingHands>;
const button = (name: string) => hands.button(name);
const seek = (time: string) => hands.seek(time);
const type = (title: string, value: string) => hands.type(title, value);
const picture = () => hands.picture();
const row = (title: string) => page.getByRole('slider', { name: `Keyframes of ${title}` });
const keysOf = (name: LaneName) => host.studio.timeline.take(id).take.lanes[name]?.keys ?? [];
const timesOf = (name: LaneName) => keysOf(name).map(({ at }) => Number(at.toFixed(2)));

oneStory();

beforeAll(async () => {
  sample = await openedSample();
  ({ id, host, page, complaints } = sample);
  hands = keyingHands(page);
  await sample.go(`/project/${id}/perform`);
});
afterAll(() => sample?.close());

const pictures = { plain: '', keyed: '' };

test('a control that is set at the playhead is keyed there, and the picture follows', async () => {
  await hands.drawn();
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
  await hands.undoAll();
  await expect.poll(() => host.studio.timeline.take(id).take.lanes).toEqual({});
  await expect.poll(picture).toBe(pictures.plain);
  await hands.redoAll();
  await expect.poll(() => timesOf('head.yaw')).toEqual([0.2, 1, 2.4]);
  await expect.poll(picture).toBe(pictures.keyed);
  await page.reload();
  await hands.drawn();
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

test('the curve of a keyframe is bent by its handles: dragged, by keys, and typed, each one step of undo', async () => {
  const middle = await spot('Smile', 'face.smile', 1);
  await page.mouse.click(middle.x, middle.y);
  await page.keyboard.press('Shift+S');
  const handle = (side: string) => page.getByRole('slider', { name: `Curve ${side} keyframe 2 of Smile` });
  const bent = () => keysOf('face.smile')[1]!;
  await handle('after').waitFor();
  await button('Undo').click(); // the curve before it holds: there is no handle to come in by
  await handle('after').waitFor({ state: 'detached' });
  await page.mouse.click((await spot('Smile', 'face.smile', 0)).x, (await spot('Smile', 'face.smile', 0)).y);
  await page.keyboard.press('Shift+S');
  await page.mouse.click(middle.x, middle.y);
  await page.keyboard.press('Shift+S');
  await handle('before').waitFor();
  expect(bent()).not.toHaveProperty('after');

  const at = (await handle('after').boundingBox())!;
  const before = await picture();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  for (let step = 1; step <= 5; step++) await page.mouse.move(at.x + step * 8, at.y + step * 4);
  await page.mouse.up();
  await expect.poll(() => bent().after?.seconds).toBeGreaterThan(0.5);
  expect(bent().after!.value).toBeLessThan(0);
  expect(bent().before).toMatchObject({ value: 0 }); // it turns along, and the lane ends there
  await seek('1.4');
  await expect.poll(picture).not.toBe(before);
  expect(await seriousFindings(page)).toEqual([]);
  await button('Undo').click();
  await expect.poll(bent).not.toHaveProperty('after');

  await handle('after').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(() => bent().after?.value).toBeLessThan(-0.01);
  expect(bent()).not.toHaveProperty('before');
  await page.keyboard.press('Delete');
  await expect.poll(bent).not.toHaveProperty('after');
  expect(timesOf('face.smile')).toEqual([0.2, 1, 2.4]);

  await page.keyboard.press('Shift+E');
  const numbers = page.getByRole('dialog', { name: 'Handles of the keyframe' });
  await numbers.getByLabel('Before, time').fill('0.5');
  await numbers.getByLabel('Before, smile').fill('-20');
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await numbers.waitFor({ state: 'detached' });
  await expect.poll(() => bent().before).toEqual({ seconds: 0.5, value: expect.closeTo(-0.2) as number });
  await page.mouse.click(middle.x, middle.y, { button: 'right' });
  await page.getByRole('menuitem', { name: 'The curve by itself, without handles' }).click();
  await expect.poll(bent).not.toHaveProperty('before');
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
  expect(complaints.join('\n')).toBe('');
});
