import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateMediaTools } from '../src/main/studio/media/index.ts';
import type { Background, Shape } from '../src/shared/domain/film/index.ts';
import { seriousFindings } from './accessibility.ts';
import { type OpenedSample, openedSample } from './opened-sample.ts';

// The live picture in a film's shape and over its background, held against the frame that an export draws.
const folder = mkdtempSync(join(tmpdir(), 'likeness-as-the-film-'));
const tools = await locateMediaTools(join(import.meta.dirname, '..', 'trainer', '.venv'));
const picture = join(folder, 'halves.png');
const video = join(folder, 'two-colours.webm');
const BEGINS = 0.2; // where the take's film does
const MOMENT = 0.8; // the playhead's: 0.6 s into the film
/** Levels: the watermark, another scaling, and places on whole pixels; another shape or background is tens off. */
const ALIKE = 4;
let sample: OpenedSample;
let page: Page;

const panel = () => page.getByRole('region', { name: 'Export', exact: true });
const option = (name: string) => panel().getByLabel(name, { exact: true });
const asTheFilm = () => page.getByRole('button', { name: 'As the film' });
const status = () => page.locator('.viewer-status [data-part=live]').textContent();
const choose = async (file: string) => {
  await option('Background').selectOption('file');
  const chooser = page.waitForEvent('filechooser');
  await panel().getByRole('button', { name: 'Picture or video' }).click();
  await (await chooser).setFiles(file);
};

beforeAll(async () => {
  const make = (...args: readonly string[]) => execFileSync(tools.ffmpeg, ['-v', 'error', '-y', ...args]);
  const halves = 'color=red:s=60x60,format=rgb24[l];color=blue:s=60x60,format=rgb24[r];[l][r]hstack';
  make('-filter_complex', halves, '-frames:v', '1', '-update', '1', picture);
  // Half a second of each: 0.6 s into a film it is green.
  const two = 'color=0x802020:s=160x90:r=25:d=0.5[a];color=0x208020:s=160x90:r=25:d=0.5[b];[a][b]concat';
  make('-filter_complex', two, '-c:v', 'libvpx-vp9', '-b:v', '1M', video);
  sample = await openedSample();
  ({ page } = sample);
  const { take, revision } = sample.host.studio.timeline.take(sample.id);
  sample.host.studio.timeline.saveTake(sample.id, { ...take, range: { from: BEGINS, to: 1.6 } }, revision);
  await sample.go(`/project/${sample.id}/export`);
  await page.getByRole('radio', { name: 'Portrait' }).check();
  await page.getByText('360p live').waitFor();
  const time = page.getByRole('textbox', { name: 'Time' });
  await time.fill(String(MOMENT));
  await time.press('Enter');
});
afterAll(async () => {
  await sample?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The frame at the playhead as an export draws it, as the address of a picture. */
async function frame(shape: Shape, background: Background): Promise<string> {
  const outPath = join(folder, 'frame.png');
  const asked = { at: MOMENT, outPath, mode: 'portrait', height: 360, shape, background } as const;
  await sample.host.studio.avatars.saveFrame(sample.id, asked).job.result;
  return `data:image/png;base64,${readFileSync(outPath).toString('base64')}`;
}

/**
 * Mean difference of the stage's picture from a frame that is painted as the stage paints, in levels; of what has an
 * alpha in the frame only where that is whole. Infinite where the stage's picture has another shape.
 */
const away = (address: string) =>
  page.evaluate(async (from) => {
    const image = new Image();
    image.src = from;
    await image.decode();
    const stage = document.querySelector<HTMLCanvasElement>('.viewer-stage > canvas')!;
    const margin = 8 * devicePixelRatio;
    const [w, h] = [image.naturalWidth, image.naturalHeight];
    const scale = Math.min((stage.width - 2 * margin) / w, (stage.height - 2 * margin) / h);
    const canvas = new OffscreenCanvas(stage.width, stage.height);
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    const [left, top] = [Math.round((stage.width - w * scale) / 2), Math.round((stage.height - h * scale) / 2)];
    context.drawImage(image, left, top, w * scale, h * scale);
    const inner = [left + 4, top + 4, Math.round(w * scale) - 8, Math.round(h * scale) - 8] as const;
    const wanted = context.getImageData(...inner).data;
    const shown = stage.getContext('2d')!.getImageData(...inner).data;
    // Just beside it there is nothing.
    const beside = stage.getContext('2d')!;
    const edges = [
      beside.getImageData(Math.max(0, left - 4), stage.height >> 1, 1, 1).data[3],
      beside.getImageData(stage.width >> 1, Math.max(0, top - 4), 1, 1).data[3],
    ];
    if (edges.some((alpha) => alpha !== 0)) return Infinity;
    let [sum, count] = [0, 0];
    for (let k = 0; k < wanted.length; k += 4) {
      if (wanted[k + 3] !== 255) continue;
      if (shown[k + 3] !== 255) return Infinity;
      for (let c = k; c < k + 3; c++) sum += Math.abs(wanted[c]! - shown[c]!);
      count += 3;
    }
    return count === 0 ? Infinity : sum / count;
  }, address);

/** A pixel of the stage's picture, shares of its width and height. */
const pixel = (x: number, y: number, aspect: number) =>
  page.evaluate(
    ([across, down, wide]) => {
      const stage = document.querySelector<HTMLCanvasElement>('.viewer-stage > canvas')!;
      const height = Math.min(stage.height - 16, (stage.width - 16) / wide);
      const [left, top] = [(stage.width - height * wide) / 2, (stage.height - height) / 2];
      const at = [Math.round(left + across * height * wide), Math.round(top + down * height)] as const;
      return [...stage.getContext('2d')!.getImageData(...at, 1, 1).data];
    },
    [x, y, aspect] as const,
  );

describe('the live picture at Export is what the film will show', () => {
  test('as the avatar is by itself while nothing else is chosen', async () => {
    const film = await frame('own', { kind: 'own' });
    await expect.poll(() => away(film)).toBeLessThan(ALIKE);
    expect(await asTheFilm().count()).toBe(0);
  });

  test.each<readonly [Shape, string, Background]>([
    ['16:9', 'own', { kind: 'own' }],
    ['9:16', 'blur', { kind: 'blur' }],
    ['4:5', 'colour', { kind: 'colour', colour: '#1e3a5f' }],
  ])('in %s over %s', async (shape, behind, background) => {
    await option('Shape').selectOption(shape);
    await option('Background').selectOption(behind);
    const film = await frame(shape, background);
    await expect.poll(() => away(film)).toBeLessThan(ALIKE);
    expect(await status()).toContain('as the film');
  });

  test('over nothing, which a board of squares stands for', async () => {
    await option('Shape').selectOption('1:1');
    await option('Background').selectOption('transparent');
    const film = await frame('1:1', { kind: 'transparent' });
    await expect.poll(() => away(film)).toBeLessThan(ALIKE);
    const squares = await Promise.all([0.01, 0.02, 0.03, 0.04, 0.05, 0.06].map((x) => pixel(x, 0.03, 1)));
    const greys = new Set(squares.map(([r, g, b, alpha]) => `${r} ${g} ${b} ${alpha}`));
    expect([...greys].toSorted()).toEqual(['142 142 148 255', '196 196 200 255']);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('over a picture of somebody’s', async () => {
    await option('Shape').selectOption('16:9');
    await choose(picture);
    const film = await frame('16:9', { kind: 'file', path: picture });
    await expect.poll(() => away(film)).toBeLessThan(ALIKE);
  });

  test('over a video, at its moment of the film', async () => {
    await choose(video);
    const film = await frame('16:9', { kind: 'file', path: video });
    await expect.poll(() => away(film)).toBeLessThan(ALIKE);
    const [red, green] = await pixel(0.03, 0.03, 16 / 9);
    expect(green! - red!).toBeGreaterThan(60);
  });
});

test('at Perform too, unless it is switched off there', async () => {
  await sample.go(`/project/${sample.id}/perform`);
  const film = await frame('16:9', { kind: 'file', path: video });
  await expect.poll(() => away(film)).toBeLessThan(ALIKE);
  await asTheFilm().click();
  const own = await frame('own', { kind: 'own' });
  await expect.poll(() => away(own)).toBeLessThan(ALIKE);
  expect(await status()).not.toContain('as the film');
  await asTheFilm().click();
  await expect.poll(() => away(film)).toBeLessThan(ALIKE);
});

test('a file that a browser cannot show is said to be seen in the film alone', async () => {
  await sample.go(`/project/${sample.id}/export`);
  const tiff = join(folder, 'a.tiff');
  execFileSync(tools.ffmpeg, ['-v', 'error', '-y', '-i', picture, tiff]);
  await choose(tiff);
  await panel().getByText('The live picture cannot show this file').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test('nothing of all this was complained about', () => {
  expect(sample.complaints).toEqual([]);
});
