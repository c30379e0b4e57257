import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousFindings } from './accessibility.ts';
import { TRAINING_PATIENCE_MS } from './patience.ts';
import { film, heard, pictureOn, watchSound } from './story-senses.ts';
import { tone } from './tone.ts';

/** What differs between the hosts for a person who does the main job. */
export interface Ground {
  readonly page: Page;
  /** Gives the window a video, as people do in this host; `name` is what its file is called. */
  bringVideo(path: string, name: string): Promise<void>;
  /** Gives the window a sound, so that it begins at about this second of a timeline `length` seconds long. */
  bringSound(sound: { readonly name: string; readonly bytes: Buffer }, second: number, length: number): Promise<void>;
  /** Asks, as a second window, for the shortest training there is of the only project. */
  trainShortly(): Promise<void>;
  /** Takes a film away; what it is called then, and its bytes. */
  takeAway(link: Locator): Promise<{ readonly name: string; readonly bytes: Buffer }>;
}

const PROJECT = 'Ada, spring talk';
const SECONDS = 4;

/**
 * The main job from the empty library to the film, in the order a person does it; each test goes on where the one
 * before it ended.
 */
export function tellStory(ground: () => Ground, video: () => string): void {
  const page = () => ground().page;
  const button = (name: string | RegExp) => page().getByRole('button', { name });
  const exactly = (name: string) => page().getByRole('button', { name, exact: true });
  const step = (name: string) => page().getByRole('radiogroup', { name: 'Step' }).getByText(name, { exact: true });
  const mode = (name: string) =>
    page().getByRole('radiogroup', { name: 'Picture', exact: true }).getByText(name, { exact: true });
  const frameShown = async () =>
    Number(/frame (\d+) of/.exec((await page().locator('.viewer-status [data-part=frame]').textContent()) ?? '')?.[1]);
  const clips = () => page().locator('.clip');

  test('a video is brought, asked about and checked', async () => {
    await page().getByRole('heading', { name: 'Drop a video of one person talking' }).waitFor();
    expect(await seriousFindings(page())).toEqual([]);
    await ground().bringVideo(video(), `${PROJECT}.mp4`);
    const dialog = page().getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.getByLabel('Name of the project').inputValue()).toBe(PROJECT);
    // nobody said whose face it is
    expect(await dialog.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    expect(await seriousFindings(page())).toEqual([]);
    await dialog.getByLabel('is not a real person').check();
    await dialog.getByRole('button', { name: 'Import' }).click();
    await page().getByRole('progressbar').first().waitFor({ state: 'attached' });
    expect(await seriousFindings(page())).toEqual([]);
    await page().getByRole('region', { name: 'Input check' }).waitFor({ timeout: TRAINING_PATIENCE_MS });
    await page()
      .getByText(/100 frames: \d+ good/)
      .first()
      .waitFor();
    await page()
      .getByText(/frame 0 of 100/)
      .waitFor(); // its pictures are made
    expect(await seriousFindings(page())).toEqual([]);
  });

  test('a training is started, stopped, and can be resumed', async () => {
    await button('Go on to Train').click();
    await page().getByLabel('Instant').check();
    expect(await seriousFindings(page())).toEqual([]);
    await exactly('Train').click();
    await page().getByText('Preparing the frames').waitFor();
    await button('Stop').click();
    await page().getByText('Stopped.').waitFor();
    await button('Resume').waitFor();
    expect(await seriousFindings(page())).toEqual([]);
  });

  test('the chart of a training moves on, also in a window that comes late, until there is an avatar', async () => {
    await ground().trainShortly();
    await button(/Jobs 1/).waitFor();
    const chart = page().getByRole('img', { name: /held-out PSNR/ });
    const reached = async () =>
      (await chart.isVisible())
        ? Number(/to step (\d+)/.exec((await chart.getAttribute('aria-label')) ?? '')?.[1] ?? 0)
        : 0;
    await expect.poll(reached, { timeout: TRAINING_PATIENCE_MS }).toBeGreaterThan(0); // after the instant avatar
    const [begun, drawn] = [await reached(), await pictureOn(chart.locator('canvas'))];
    await expect.poll(reached).toBeGreaterThan(begun);
    expect((await pictureOn(chart.locator('canvas'))).pixels).not.toEqual(drawn.pixels);
    const before = await reached();
    await page().reload();
    await chart.waitFor();
    await expect.poll(reached).toBeGreaterThanOrEqual(before);
    await page().getByRole('progressbar').first().waitFor({ state: 'attached' });
    expect(await seriousFindings(page())).toEqual([]);
    await page()
      .getByRole('img', { name: /Held-out frames/ })
      .waitFor();
    await page().getByRole('region', { name: 'Held-out quality' }).waitFor({ timeout: TRAINING_PATIENCE_MS });
    expect(await seriousFindings(page())).toEqual([]);
    // the instant avatar was there before
    await button(/Jobs 1/).waitFor({ state: 'hidden', timeout: TRAINING_PATIENCE_MS });
  });

  test('a scrub shows the frame under the cursor, and leaves the selection alone', async () => {
    await step('Perform').click();
    await mode('Source').click();
    await page()
      .getByText(/frame \d+ of 100/)
      .waitFor();
    await clips()
      .first()
      .getByRole('button', { name: /^Sound/ })
      .click();
    const selected = page().locator('.clip[data-selected]');
    const chosen = await selected.getAttribute('aria-label');
    const lanes = (await page().locator('#timeline-lanes').boundingBox())!;
    const at = (share: number) => [lanes.x + share * lanes.width, lanes.y + lanes.height * 0.35] as const;
    await page().mouse.move(...at(0.2));
    await page().mouse.down();
    const seen: number[] = [];
    const playhead = page().getByRole('slider', { name: 'Playhead' });
    for (const share of [0.3, 0.5, 0.7]) {
      await page().mouse.move(...at(share), { steps: 3 });
      const frame = Math.round(Number(await playhead.getAttribute('aria-valuenow')) * 25);
      await expect.poll(frameShown).toBe(frame);
      seen.push(frame);
    }
    await page().mouse.up();
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBe(3);
    expect(await selected.count()).toBe(1);
    expect(await selected.getAttribute('aria-label')).toBe(chosen);
  });

  test('a sound brought to the timeline begins there', async () => {
    await ground().bringSound({ name: 'Beep.wav', bytes: tone(1) }, 1.5, SECONDS);
    await page()
      .getByRole('button', { name: /^Sound Beep, 00:00:01:1[0-4]/ })
      .waitFor();
    await page().getByRole('region', { name: 'Sounds' }).getByText('Beep', { exact: true }).waitFor();
    expect(await clips().count()).toBe(2);
    expect(await seriousFindings(page())).toEqual([]);
  });

  test('it plays with sound, and the avatar speaks in step', async () => {
    await mode('Avatar').click();
    await page()
      .getByText(/\d+p live/)
      .waitFor();
    await page()
      .getByRole('radiogroup', { name: 'Style' })
      .or(page().getByText(/there are no styles/))
      .waitFor(); // what the avatar knows of the person
    await watchSound(page());
    await page().keyboard.press('Home');
    // again and again: on a slow computer the motion of the new sound may take longer than the sound
    await page().keyboard.press('Shift+l');
    await page().keyboard.press('Space');
    await page().waitForFunction(
      () => /[1-9]\d* fps/.test(document.querySelector('.viewer-status [data-part=live]')?.textContent ?? ''),
      undefined,
      { polling: 50 },
    );
    const first = await pictureOn(page().locator('.viewer-stage canvas').first());
    const sound = await heard(page());
    expect(sound.state).toBe('running');
    expect(sound.loudest).toBeGreaterThan(0.05); // of what was given to it: not silence
    await expect.poll(async () => (await heard(page())).seconds).toBeGreaterThan(sound.seconds);
    await expect
      .poll(async () => (await pictureOn(page().locator('.viewer-stage canvas').first())).pixels)
      .not.toEqual(first.pixels);
    expect(first.spread).toBeGreaterThan(20); // a picture, not a plate
    await page().keyboard.press('k');
    await page().keyboard.press('Shift+l');
    await exactly('Play').first().waitFor();
  });

  test('source, avatar, both, and what lies between them: four different pictures', async () => {
    await page().getByRole('textbox', { name: 'Time' }).fill('1');
    await page().keyboard.press('Enter');
    const pictures: (readonly number[])[] = [];
    for (const name of ['Source', 'Avatar', 'Split', 'Difference']) {
      await mode(name).click();
      await page()
        .getByRole('group', { name: new RegExp(`^Picture: ${name.toLowerCase()}`) })
        .waitFor();
      await page()
        .getByText(/^(Drawing|Opening) the avatar/)
        .waitFor({ state: 'hidden' });
      let before: readonly number[] = [];
      // The picture comes a moment after the choice.
      await expect
        .poll(
          async () => {
            const { pixels, spread } = await pictureOn(page().locator('.viewer-stage canvas').first());
            const still = JSON.stringify(pixels) === JSON.stringify(before) && spread > 2;
            before = pixels;
            return still && pictures.every((other) => JSON.stringify(other) !== JSON.stringify(pixels));
          },
          { interval: 150 },
        )
        .toBe(true);
      pictures.push(before);
      expect(await seriousFindings(page())).toEqual([]);
    }
  });

  test('the face model is laid over the picture', async () => {
    await mode('Split').click();
    const stage = page().locator('.viewer-stage');
    const bare = await stage.screenshot();
    await button(/^Overlay/).click();
    const menu = page().getByRole('dialog', { name: /^Overlay/ });
    await menu.getByLabel('Mesh', { exact: true }).check();
    await page().locator('.viewer-overlay[data-state=on]').waitFor({ state: 'attached' });
    expect(await seriousFindings(page())).toEqual([]);
    await page().keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await expect.poll(async () => (await stage.screenshot()).equals(bare)).toBe(false);
    await page().keyboard.press('w');
  });

  test('the take is exported, plays, and can be taken away', async () => {
    await step('Export').click();
    const { page: window } = ground();
    // there is more on it than the video's own sound
    expect(await window.getByRole('radio', { name: 'The timeline' }).isChecked()).toBe(true);
    await window.getByLabel('Portrait').check();
    await button('Export MP4').click();
    await window.getByRole('region', { name: 'Export' }).getByRole('progressbar').waitFor({ state: 'attached' });
    expect(await seriousFindings(window)).toEqual([]);
    const made = window.getByRole('region', { name: 'Exports' });
    await made.or(window.getByText('Technical detail')).first().waitFor();
    expect(await seriousFindings(window)).toEqual([]);
    await made.getByRole('button', { name: /portrait/ }).click();
    const player = window.getByLabel(/Exported video/);
    await player.waitFor();
    await window.keyboard.press('Space');
    await window.waitForFunction(
      () => (document.querySelector<HTMLVideoElement>('.viewer-made video')?.currentTime ?? 0) > 0.5,
    );
    const shown = await film(player);
    expect(shown).toMatchObject({ seconds: expect.closeTo(SECONDS, 0) as number, rows: 360 });
    expect(shown.spread).toBeGreaterThan(20);
    expect(shown.loudest).toBeGreaterThan(0.05);
    expect(await seriousFindings(window)).toEqual([]);
    const { name, bytes } = await ground().takeAway(made.getByRole('link', { name: /Download/ }));
    expect(name).toMatch(/portrait .*\.mp4$/);
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
  });
}

/** A video's bytes under a name of its own. */
export const videoFile = (path: string, name: string) => ({ name, type: 'video/mp4', bytes: readFileSync(path) });
