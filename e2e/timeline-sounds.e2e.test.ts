import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import { openedTimeline } from './opened-timeline.ts';

// What is done with a sound on a timeline of four seconds: each test goes on where the one before it ended.
const timeline = await openedTimeline();
const {
  host,
  other,
  page,
  project,
  complaints,
  slider,
  place,
  button,
  clips,
  time,
  now,
  beep,
  drag,
  dropSound,
  saved,
} = timeline;
afterAll(() => timeline.close());

test('a sound is dropped where it begins', async () => {
  await dropSound(1);
  await clips().nth(1).waitFor();
  await expect.poll(async () => (await saved()).clips.length).toBe(2);
});

test('how loud it is, and its fades, are dragged, typed and set with keys, and undone', async () => {
  const clip = async () => (await saved()).clips.find(({ sound }) => sound !== 'source')!;
  await drag(slider('Fade in of Beep'), 0.25);
  await expect.poll(clip).toMatchObject({ fadeIn: expect.closeTo(0.25, 1) });
  await slider('Gain of Beep').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await slider('Gain of Beep').getAttribute('aria-valuetext')).toBe('-3.5 dB');
  const gain = page.getByRole('textbox', { name: 'Gain' });
  await beep().dblclick({ position: { x: 30, y: 30 } });
  await gain.fill('-6');
  await page.getByRole('textbox', { name: 'Fade out' }).fill('0.5');
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await gain.waitFor({ state: 'detached' });
  await expect.poll(clip).toMatchObject({ gain: -6, fadeOut: 0.5 });
  for (const _ of ['typed', 'typed', 'keys', 'drag']) await page.keyboard.press('Control+z');
  await expect.poll(clip).toEqual(expect.not.objectContaining({ gain: expect.anything(), fadeIn: expect.anything() }));
});

test('a sound is muted, and heard alone, beside its row', async () => {
  await button('Mute Beep').click();
  await page.locator('.clip[data-silent]').waitFor();
  await expect.poll(async () => (await saved()).muted.length).toBe(1);
  await button('Mute Beep').click();
  await button('Beep alone').click();
  await expect.poll(() => page.locator('.clip[data-silent]').getAttribute('aria-label')).toMatch(/own sound.*silent$/);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => [(await saved()).muted, (await saved()).solo]).toEqual([[], []]);
});

test('a press on a waveform brings the playhead there', async () => {
  const box = (await beep().boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 5);
  const [from, to] = await place('Beep');
  expect(await now()).toBeCloseTo((from + to) / 2, 1);
  await time().fill('1');
  await time().press('Enter');
});

test('without a microphone recording says so', async () => {
  await button('Record').click();
  await page
    .getByRole('alert')
    .getByText(/There is no microphone/)
    .waitFor();
  await button('Close').click();
  expect((await other.client.projects.get({ id: project })).sounds.length).toBe(2);
});

test('a sound is removed with its clips, and comes back with them: by undo, and from what was removed', async () => {
  const sounds = page.getByRole('region', { name: 'Sounds' });
  const listed = sounds.getByRole('listitem').filter({ hasText: 'Beep' });
  const before = await clips().count();
  await sounds.getByRole('button', { name: 'More about Beep' }).click();
  await page.getByRole('menuitem', { name: 'Remove, with its clips' }).click();
  await listed.waitFor({ state: 'detached' });
  expect(await beep().count()).toBe(0);
  await page.keyboard.press('Control+z');
  await listed.waitFor();
  expect(await clips().count()).toBe(before);
  await page.keyboard.press('Control+Shift+z');
  await listed.waitFor({ state: 'detached' });
  await time().fill('2');
  await time().press('Enter');
  await page.reload();
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  expect(await beep().count()).toBe(0);
  expect(await now()).toBeCloseTo(2, 3); // the playhead is where it was
  await sounds.getByRole('button', { name: 'Removed (1)' }).click();
  await page.getByRole('menuitem', { name: 'Bring back Beep' }).click();
  await listed.waitFor();
  await sounds.getByRole('button', { name: 'Insert Beep at the playhead' }).click();
  await beep().waitFor();
});

test('a sound whose file is gone is shown as missing', async () => {
  const added = async () => (await saved()).clips.find(({ sound }) => sound !== 'source')?.sound;
  await expect.poll(added).toBeDefined();
  rmSync(await host.studio.timeline.soundFile(project, (await added())!));
  await page.reload();
  await page.getByRole('button', { name: /^Sound Missing sound/ }).waitFor();
  await page.keyboard.press('Space'); // what is there plays
  await button('Pause').waitFor();
  expect(await page.locator('.mantine-Notification-root').count()).toBe(0);
});

test('nothing was reported to the console on the way', () => {
  expect(complaints.join('\n')).toBe('');
});
