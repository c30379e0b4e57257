import { afterAll, expect, test } from 'vitest';
import { parseTimecode } from '../src/shared/domain/timecode.ts';
import { seriousFindings } from './accessibility.ts';
import { FPS, SECONDS, openedTimeline } from './opened-timeline.ts';
import { shownBesideSound, watchSound } from './story-senses.ts';
import { showPart } from './timeline-hands.ts';

// The timeline of a video of four seconds, as a person uses it: each test goes on where the one before it ended.
const timeline = await openedTimeline();
const { other, page, project, complaints, slider, place, button, clips, time, now, beep, at, drag, dropSound, saved } =
  timeline;
afterAll(() => timeline.close());

test('a project begins with its own sound from end to end', async () => {
  await clips().first().waitFor();
  expect(await clips().count()).toBe(1);
  expect((await saved()).clips).toEqual([
    { id: 'source', sound: 'source', at: 0, start: 0, seconds: expect.closeTo(SECONDS, 1) },
  ]);
  await page.waitForFunction(() => document.querySelectorAll('.timeline-canvas').length === 1);
  expect(await seriousFindings(page)).toEqual([]);
});

test('Space plays by the clock of the sound, and stops', async () => {
  await watchSound(page);
  await page.keyboard.press('Space');
  await button('Pause').first().waitFor();
  const { played, drift } = await shownBesideSound(page, { seconds: 0.7, fps: FPS });
  expect(played).toBeGreaterThan(0.7);
  expect(Math.abs(drift)).toBeLessThan(0.1);
  await page.keyboard.press('Space');
  await button('Play').first().waitFor();
  const stopped = await now();
  await page.waitForTimeout(200);
  expect(await now()).toBe(stopped);
});

test('frames are stepped, seconds jumped and times typed', async () => {
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await now()).toBeCloseTo(2 / FPS, 3);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await now()).toBeCloseTo(1 + 2 / FPS, 3);
  await page.keyboard.press('ArrowLeft');
  expect(await now()).toBeCloseTo(1 + 1 / FPS, 3);
  await time().fill('00:00:02:00');
  await time().press('Enter');
  expect(await now()).toBeCloseTo(2, 3);
  await page.keyboard.press('End');
  expect(await now()).toBeGreaterThan(3.9);
});

test('what was clicked leaves the keys to the transport; what the keyboard went to keeps them', async () => {
  await showPart(page, 'Head');
  const still = page.getByRole('radio', { name: 'Holds one frame' });
  await page.getByText('Holds one frame').click();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect([await now(), await still.isChecked()]).toEqual([expect.closeTo(1 / FPS, 3), true]);
  await expect.poll(async () => (await saved()).pose.kind).toBe('still');
  await button('Fit').click();
  await page.keyboard.press('Space');
  await button('Pause').waitFor();
  await page.keyboard.press('Space');
  await still.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await saved()).pose.kind).toBe('source');
  await showPart(page, 'Speech');
});

test('a sound dropped on the timeline begins where it was dropped, and is saved', async () => {
  await dropSound(1.5);
  await clips().nth(1).waitFor();
  await expect.poll(async () => (await saved()).clips.length).toBe(2);
  const clip = (await saved()).clips.find(({ sound }) => sound !== 'source')!;
  expect(clip).toMatchObject({ at: expect.closeTo(1.5, 1), start: 0, seconds: expect.closeTo(1, 2) });
  await page.getByRole('region', { name: 'Sounds' }).getByText('Beep', { exact: true }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Only “Beep”' }).click();
  await expect.poll(async () => (await saved()).clips.length).toBe(1);
  await page.keyboard.press('Control+z');
  await clips().nth(1).waitFor();
});

test('it is dragged, with Alt wherever one likes, and undone in one step', async () => {
  const before = await at('Beep');
  await drag(beep(), 0.4, { alt: true });
  const moved = await at('Beep');
  expect(moved - before).toBeCloseTo(0.4, 1);
  await page.keyboard.press('Control+z');
  expect(await at('Beep')).toBe(before);
  await page.keyboard.press('Control+Shift+z');
  expect(await at('Beep')).toBe(moved);
});

test('how far the mouth goes is set with keys, undone key by key, and set back with a double click', async () => {
  const strength = slider('Mouth strength');
  await strength.focus();
  for (const _ of [1, 2]) await page.keyboard.press('ArrowRight');
  expect(await strength.getAttribute('aria-valuetext')).toBe('110 %');
  await expect.poll(async () => (await saved()).speech.strength).toBe(1.1);
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Control+z');
  expect(await strength.getAttribute('aria-valuetext')).toBe('105 %');
  await strength.dblclick();
  await expect.poll(async () => (await saved()).speech).toEqual({ strength: 1, style: null, temperature: 0 });
  expect(await slider('Variation').getAttribute('aria-disabled')).toBe('true');
  expect(await page.getByText('Known once there is an avatar.').count()).toBe(2); // of variation and of style
});

test('near the playhead it snaps to it', async () => {
  await time().fill('1');
  await time().press('Enter');
  await drag(beep(), 1.01 - (await at('Beep')));
  expect(await at('Beep')).toBe(1);
});

test('several are selected, moved, copied, pasted, and deleted with their time', async () => {
  const selected = page.locator('.clip[data-selected]');
  const places = async () => (await saved()).clips.map(({ sound, at }) => [sound === 'source' ? 'own' : 'beep', at]);
  await expect.poll(places).toEqual([
    ['own', 0],
    ['beep', 1],
  ]);
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const own = page.getByRole('button', { name: /own sound,/ });
  await own.click({ position: { x: 40, y: 30 } });
  await beep().click({ modifiers: ['Shift'], position: { x: 30, y: 30 } });
  expect(await selected.count()).toBe(2);
  await page.keyboard.press('Escape');
  await page.keyboard.down('Shift');
  await page.mouse.move(lanes.x + lanes.width - 4, (await beep().boundingBox())!.y + 4);
  await page.mouse.down();
  await page.mouse.move(lanes.x + lanes.width * 0.4, (await beep().boundingBox())!.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  expect(await selected.count()).toBe(1); // the rectangle lay over one row
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('End');
  await beep().click({ button: 'right', position: { x: 30, y: 30 } });
  await page.getByRole('menuitem', { name: /^Paste/ }).click();
  await expect.poll(() => clips().count()).toBe(4);
  expect(await selected.count()).toBe(2);
  await drag(page.getByRole('button', { name: /^Sound Beep/ }).last(), 0.5, { alt: true });
  // Twice as much is on screen now: both went on by about a second.
  await expect.poll(async () => (await places()).slice(2).map(([, at]) => Math.round(Number(at)))).toEqual([5, 6]);
  await page.keyboard.press('Escape');
  await own.first().click({ position: { x: 40, y: 30 } });
  await page.keyboard.press('Shift+Delete');
  // The beep from 1 to 2 keeps its second; three of the four go.
  await expect.poll(() => clips().count()).toBe(3);
  await expect.poll(async () => (await places())[0]).toEqual(['beep', 0]);
  for (const _ of ['gap', 'moved', 'pasted']) await page.keyboard.press('Control+z');
  await expect.poll(places).toEqual([
    ['own', 0],
    ['beep', 1],
  ]);
  await time().fill('1');
  await time().press('Enter');
});

test('its ends are trimmed with the pointer and with the keyboard', async () => {
  await drag(slider('End of Beep'), -0.3, { alt: true });
  const [, end] = await place('Beep');
  expect(end).toBeCloseTo(1.7, 1);
  await slider('Start of Beep').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const [start, sameEnd] = await place('Beep');
  expect([start, sameEnd]).toEqual([expect.closeTo(1 + 2 / FPS, 3), end]);
  await page.keyboard.press('Home'); // back to where the sound begins
  expect((await place('Beep'))[0]).toBeCloseTo(1, 3);
  expect(await now()).toBe(1); // the arrows were the handle's
});

test('a scrub goes through frames and leaves the selection alone', async () => {
  const selected = page.locator('.clip[data-selected]');
  expect(await selected.count()).toBe(1);
  const label = await selected.getAttribute('aria-label');
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const x = (seconds: number) => lanes.x + (seconds / (SECONDS * 1.04)) * lanes.width;
  await page.mouse.move(x(0.5), lanes.y + 60);
  await page.mouse.down();
  const seen = [];
  for (const seconds of [1, 1.5, 2, 2.5, 3]) {
    await page.mouse.move(x(seconds), lanes.y + 60);
    seen.push(await now());
  }
  await page.mouse.up();
  for (const [index, shown] of seen.entries()) {
    expect(shown).toBeCloseTo(1 + index / 2, 1);
    expect((shown * FPS) % 1).toBeCloseTo(Math.round(shown * FPS) % 1, 2); // a frame's own time
  }
  expect(await selected.getAttribute('aria-label')).toBe(label);
});

test('it is split, and a part is deleted', async () => {
  const [from, to] = await place('Beep');
  await time().fill(String((from + to) / 2));
  await time().press('Enter');
  await page.keyboard.press('s');
  expect(await clips().count()).toBe(3);
  await page
    .getByRole('button', { name: /^Sound Beep/ })
    .last()
    .focus();
  await page.keyboard.press('Delete');
  expect(await clips().count()).toBe(2);
  expect((await place('Beep'))[1]).toBeCloseTo((from + to) / 2, 2);
});

test('in, out and a marker are set at the playhead, and the marker gets a name', async () => {
  await time().fill('1');
  await time().press('Enter');
  await page.keyboard.press('i');
  await time().fill('3');
  await time().press('Enter');
  await page.keyboard.press('o');
  await page.keyboard.press('m');
  await page.getByRole('button', { name: /^Marker/ }).dblclick();
  await page.getByRole('textbox', { name: 'Name of the marker' }).fill('Hello');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Marker Hello, 00:00:03:00' }).waitFor();
  await slider('In point').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(saved).toMatchObject({
    range: { from: expect.closeTo(1 + 1 / FPS, 3), to: expect.closeTo(3, 3) },
    markers: [{ name: 'Hello', at: expect.closeTo(3, 3) }],
  });
  expect(await seriousFindings(page)).toEqual([]);
});

test('with loop on it stays between in and out', async () => {
  await button('Loop').click();
  await time().fill('2.6');
  await time().press('Enter');
  await button('Play').first().click();
  const shown = async () => parseTimecode(await time().inputValue(), { now: 0, fps: FPS })!;
  await expect.poll(shown, { interval: 50 }).toBeLessThan(2.5); // it went back
  expect(await shown()).toBeGreaterThan(1);
  await page.keyboard.press('k');
  await button('Loop').click();
});

test('an edit in another window shows here, and undo takes it back', async () => {
  const { id: takeId, take, revision } = await other.client.takes.get({ id: project });
  await other.client.takes.save({ id: project, takeId, take: { ...take, clips: [] }, revision });
  await expect.poll(() => clips().count()).toBe(0);
  await page.keyboard.press('Control+z');
  await expect.poll(() => clips().count()).toBe(2);
  await expect.poll(async () => (await saved()).clips.length).toBe(2);
});

test('zooming keeps what is under the pointer, and everything fits again', async () => {
  const lanes = (await page.locator('#timeline-lanes').boundingBox())!;
  const marker = page.getByRole('button', { name: /^Marker Hello/ });
  const left = async () => (await marker.boundingBox())!.x;
  const before = await left();
  await page.mouse.move(before, lanes.y + 60);
  await page.keyboard.down('Control');
  for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect
    .poll(() => page.getByRole('slider', { name: 'Zoom of the timeline' }).getAttribute('aria-valuenow').then(Number))
    .toBeGreaterThan(0.2);
  expect(Math.abs((await left()) - before)).toBeLessThan(2);
  await page.keyboard.press('f');
  expect(await page.getByRole('slider', { name: 'Zoom of the timeline' }).getAttribute('aria-valuenow')).toBe('0');
});

test('the panels are resized with the keyboard, and stay so', async () => {
  const edge = page.getByRole('separator', { name: 'Height of the timeline' });
  const height = async () => (await page.getByRole('region', { name: 'Timeline' }).boundingBox())!.height;
  const kept = () => page.evaluate(() => localStorage.getItem('react-resizable-panels:workspace-rows'));
  const [before, keptBefore] = [await height(), await kept()];
  await edge.focus();
  await page.keyboard.press('ArrowUp');
  const after = await height();
  expect(after).toBeGreaterThan(before);
  await expect.poll(kept).not.toBe(keptBefore);
  await page.reload();
  await clips().first().waitFor();
  expect(Math.abs((await height()) - after)).toBeLessThan(2);
});

test('nothing was reported to the console on the way', () => {
  expect(complaints.join('\n')).toBe('');
});
