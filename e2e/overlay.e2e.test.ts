import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { seriousFindings } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { dotted, type Measured, whereIs } from './fiducials.ts';
import { PATIENCE_MS } from './patience.ts';
import { shortSample } from './short-sample.ts';
import { brightness, drawLines, middleAround, shiftAround, storedFit } from './stored-fit.ts';

// What lies over the picture lies on it: measured on screenshots, against the stored fit and nothing of the window's
// own sums.
const folder = mkdtempSync(join(tmpdir(), 'likeness-overlay-'));
const SOURCE = { width: 400, height: 512 };
const FRAME = 40;
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let id = '';

beforeAll(async () => {
  host = await serve({ libraryDir: join(folder, 'library') });
  const { ffmpeg } = await host.studio.tools();
  const video = join(folder, 'narrow.mp4'); // not square, and the face not in its middle
  execFileSync(ffmpeg, [
    '-v',
    'error',
    '-i',
    await shortSample(),
    '-vf',
    `crop=${SOURCE.width}:${SOURCE.height}:72:0`,
    '-crf',
    '12',
    video,
  ]);
  ({ projectId: id } = await host.studio.projects.importVideo({
    path: video,
    name: 'Ada',
    consent: { basis: 'synthetic', note: '' },
  }));
  await host.studio.training.analyze(id).result;
  host.studio.timeline.makePictures(id);
  while ((await host.studio.projects.get(id)).pictures === null)
    await new Promise((resolve) => setTimeout(resolve, 100));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The project at FRAME, with these layers over it; `prepare` comes before anything is loaded. */
async function open({
  ratio = 1,
  layers = [],
  prepare,
}: {
  ratio?: number;
  layers?: string[];
  prepare?: (page: Page) => Promise<unknown>;
}): Promise<Page> {
  const page = await browser.newPage({
    locale: 'en-US',
    viewport: { width: 1280, height: 900 },
    deviceScaleFactor: ratio,
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(
    (chosen) => sessionStorage.setItem('likeness:viewer', JSON.stringify({ layers: chosen, divider: 0.5 })),
    layers,
  );
  await prepare?.(page);
  await page.goto(host.url);
  await page.goto(new URL(`/#/project/${id}/source`, host.url).href);
  await page.getByText(/frame 0 of 100/).waitFor();
  for (let frame = 0; frame < FRAME; frame++) await page.keyboard.press('ArrowRight');
  await page.getByText(`frame ${FRAME} of 100`).waitFor();
  return page;
}

/** The picture alone, or what lies over it alone, on black. */
async function shoot(page: Page, part: 'picture' | 'overlay'): Promise<PNG> {
  const hidden =
    part === 'picture' ? '.viewer-stage > :not(canvas:first-child)' : '.viewer-stage > :not(.viewer-overlay)';
  await page.evaluate((selector) => {
    document.querySelector('#only')?.remove();
    const style = document.head.appendChild(document.createElement('style'));
    style.id = 'only';
    style.textContent = `
      .viewer-room { background: #000 !important }
      .viewer-stage { outline: none !important }
      ${selector} { visibility: hidden }`;
  }, hidden);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return PNG.sync.read(await page.locator('.viewer-stage').screenshot());
}

/** Where the picture is, once it has come to rest: wheel and pointer reach the page a little later. */
async function settled(page: Page): Promise<Measured> {
  let before = whereIs(await shoot(page, 'picture'), SOURCE);
  for (let look = 0; look < 20; look++) {
    await page.waitForTimeout(250);
    const now = whereIs(await shoot(page, 'picture'), SOURCE);
    if (now.scale === before.scale && now.left === before.left && now.top === before.top) return now;
    before = now;
  }
  throw new Error('The picture does not come to rest.');
}

/** All of the picture; then nearer, about a point off its middle; then pushed aside. */
const VIEWS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['all of it', async () => undefined],
  [
    'nearer',
    async (page) => {
      const box = (await page.locator('.viewer-stage').boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.56, box.y + box.height * 0.4);
      for (let turn = 0; turn < 4; turn++) {
        // Playwright does not wait for the page to hear of it; the page listens before it is turned.
        const heard = await page.evaluateHandle(() => {
          const turned = new Promise<void>((resolve) => {
            document.addEventListener('wheel', () => resolve(), { once: true, capture: true });
          });
          return { turned };
        });
        await page.mouse.wheel(0, -180);
        await heard.evaluate(({ turned }) => turned);
      }
    },
  ],
  [
    'pushed aside',
    async (page) => {
      const box = (await page.locator('.viewer-stage').boundingBox())!;
      await page.mouse.move(box.x + 300, box.y + 200);
      await page.mouse.down();
      await page.mouse.move(box.x + 341, box.y + 167, { steps: 4 });
      await page.mouse.up();
    },
  ],
];

for (const ratio of [1, 1.5]) {
  test(`mesh and landmarks lie on the picture within a pixel, at ${ratio} screen pixels a CSS pixel`, async () => {
    const track = join(host.studio.library.paths.analysis(id), 'track.safetensors');
    const { vertices, landmarks, edges } = storedFit(track, FRAME);
    const { pictures } = await host.studio.projects.get(id);
    const page = await open({
      ratio,
      prepare: (opened) =>
        opened.route('**/pictures/*', (route) =>
          route.fulfill({ contentType: 'image/jpeg', body: dotted(SOURCE, pictures!) }),
        ),
    });
    const placements: Measured[] = [];
    for (const [name, look] of VIEWS) {
      await look(page);
      const at = await settled(page);
      expect(at.dots, name).toBeGreaterThanOrEqual(8);
      placements.push(at);
      const onScreen = ([u, v]: readonly [number, number]) => [at.left + at.scale * u, at.top + at.scale * v] as const;

      await page.keyboard.press('w');
      await page.locator('.viewer-overlay[data-state=on]').waitFor({ state: 'attached' });
      const mesh = brightness(await shoot(page, 'overlay'));
      const expected = drawLines(
        mesh.width,
        mesh.height,
        edges.map(([a, b]) => [onScreen(vertices[a]!), onScreen(vertices[b]!)] as const),
      );
      const offs = vertices.flatMap((vertex) => {
        const shift = shiftAround(mesh, expected, onScreen(vertex));
        return shift ? [Math.hypot(...shift)] : [];
      });
      await page.keyboard.press('w');
      expect(offs.length, `${name}: vertices that could be told`).toBeGreaterThan(60);
      expect(Math.max(...offs), `${name}: mesh, pixels`).toBeLessThan(1);

      await toggle(page, 'Landmarks');
      const points = brightness(await shoot(page, 'overlay'));
      const places = landmarks.map((landmark) => onScreen(landmark));
      const within = ([x, y]: readonly [number, number]) =>
        // a disc cut by the edge has its middle elsewhere
        Math.min(x, y, points.width - x, points.height - y) > 8 * ratio;
      const alone = places
        .filter((one) => within(one))
        .filter((one) =>
          places.every((other) => other === one || Math.hypot(one[0] - other[0], one[1] - other[1]) > 10 * ratio),
        );
      const misses = alone.flatMap((place) => {
        const middle = middleAround(points, place, 4 * ratio);
        return middle ? [Math.hypot(middle[0] - place[0], middle[1] - place[1])] : [];
      });
      await toggle(page, 'Landmarks');
      expect(misses.length, `${name}: landmarks apart from others`).toBeGreaterThan(20);
      expect(Math.max(...misses), `${name}: landmarks, pixels`).toBeLessThan(1);
    }
    const [all, near, aside] = placements as [Measured, Measured, Measured];
    expect(near.scale).toBeGreaterThan(all.scale * 2);
    expect(aside.scale).toBeCloseTo(near.scale, 3);
    expect(aside.left - near.left).toBeCloseTo(41 * ratio, -0.5);
    expect(aside.top - near.top).toBeCloseTo(-33 * ratio, -0.5);
    await page.close();
  });
}

/** By the menu, as a person does. */
async function toggle(page: Page, layer: string): Promise<void> {
  await page.evaluate(() => document.querySelector('#only')?.remove());
  await page.getByRole('button', { name: /^Overlay/ }).click();
  const menu = page.getByRole('dialog', { name: /^Overlay/ });
  await menu.getByLabel(layer, { exact: true }).click();
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
}

test('three.js is fetched when something is first laid over the picture; a choice survives a reload', async () => {
  const fetched: string[] = [];
  const page = await open({
    prepare: async (opened) => void opened.on('request', (request) => fetched.push(request.url())),
  });
  expect(fetched.filter((url) => url.includes('/overlay-'))).toEqual([]);
  await toggle(page, 'Head axes');
  await page.locator('.viewer-overlay[data-state=on]').waitFor({ state: 'attached' });
  expect(fetched.filter((url) => url.includes('/overlay-')).length).toBeGreaterThan(0);
  expect(await page.evaluate(() => sessionStorage.getItem('likeness:viewer'))).toContain('axes');
  expect(await seriousFindings(page)).toEqual([]);
  await page.close();
});

test('without WebGL the overlay says so, and the rest works', async () => {
  const page = await open({
    layers: ['wire'],
    prepare: (opened) =>
      opened.addInitScript(() => {
        // oxlint-disable-next-line typescript/unbound-method -- called below with the canvas it is called on
        const usual = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
          return kind.startsWith('webgl') ? null : (usual as (...all: unknown[]) => unknown).call(this, kind, ...rest);
        } as typeof usual;
      }),
  });
  await page.getByText('Nothing can be laid over the picture here.').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText(`frame ${FRAME + 1} of 100`).waitFor();
  expect(await page.locator('.viewer-overlay').getAttribute('data-state')).toBe('unavailable');
  await page.close();
});
