import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { filmedFile } from '../src/main/studio/engine/reach/filmed.fixture.ts';
import { numberedClip, tinyClip } from '../src/main/studio/media/clips.fixture.ts';
import { seriousFindings } from './accessibility.ts';
import { dropOnTimeline } from './dropping.ts';
import { openedWindow } from './opened-window.ts';
import { showPart } from './timeline-hands.ts';

// Another video drives an avatar, in the window; who looks at that video is a stand-in.
vi.stubEnv('LIKENESS_PYTHON', resolve('src/main/studio/kinds/seeing-trainer.fixture.mjs'));
const library = mkdtempSync(join(tmpdir(), 'likeness-drive-'));
const at = (name: string): string => join(library, name);
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let project = '';

/** What the stand-in sees. */
const sees = (name: string): unknown => vi.stubEnv('LIKENESS_SEEN', at(name));
const open = (name: string) => page.getByRole('button', { name: `Take: ${name}`, exact: true }).waitFor();
const dialog = () => page.getByRole('dialog', { name: 'Whose movement is this?' });
const panel = () => page.getByRole('region', { name: 'Driving from a video' });
const takes = () => host.studio.takes.list(project).map(({ name }) => name);
const dropOnLanes = () =>
  dropOnTimeline(page, { name: 'Grace.mp4', type: 'video/mp4', bytes: readFileSync(at('Grace.mp4')) }, 0.5);
const agree = async () => {
  await dialog().getByRole('radio', { name: 'gave me permission' }).check();
  await dialog().getByRole('button', { name: 'Drive', exact: true }).click();
};
const uploads = () =>
  readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((path) => /uploads.*\.mp4$/.test(path));

beforeAll(async () => {
  await tinyClip(at('clip.mp4'));
  await numberedClip(at('Grace.mp4'), { seconds: 8, sound: true });
  writeFileSync(at('seen'), filmedFile());
  host = await serve({ libraryDir: at('library') });
  const ada = { path: at('clip.mp4'), name: 'Ada', consent: { basis: 'synthetic' } } as const;
  project = (await host.studio.projects.importVideo(ada)).projectId;
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  ({ browser, page, complaints } = await openedWindow(host.url));
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await open('Take 1');
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('a video is chosen with keys, its person is asked about, and it becomes a take that is open', async () => {
  sees('seen');
  await showPart(page, 'Head');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Drive from a video…' }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(at('Grace.mp4'));
  await dialog().getByRole('img', { name: 'A moment of Grace.mp4' }).waitFor();
  expect(await dialog().getByRole('button', { name: 'Drive', exact: true }).isDisabled()).toBe(true);
  expect(await seriousFindings(page)).toEqual([]);
  await agree();
  await open('Driven by Grace');
  await page.getByRole('button', { name: 'Turn', exact: true }).waitFor(); // the lane of yaw
  expect((await host.studio.projects.get(project)).sounds.map(({ name }) => name)).toContain('Grace');
  expect(uploads()).toEqual([]);
});

test('one press undoes it', async () => {
  await page.getByText('“Driven by Grace” is made and open.').waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Undo', exact: true }).click();
  await open('Take 1');
  await expect.poll(takes).toEqual(['Take 1']);
});

test('dropped on the lanes it drives, and is followed and stopped in the panel', async () => {
  sees('slow');
  await dropOnLanes();
  await agree();
  await panel().getByText('Finding the face').waitFor();
  await panel().getByRole('button', { name: 'Stop' }).click();
  await panel().waitFor({ state: 'detached' });
  expect(takes()).toEqual(['Take 1']);
  await expect.poll(uploads).toEqual([]);
});

test('without a face it says so, until that is read', async () => {
  sees('nobody');
  await dropOnLanes();
  await agree();
  await panel().getByText('No face was found in this video.').waitFor();
  await panel().getByRole('button', { name: 'Close' }).click();
  await panel().waitFor({ state: 'detached' });
  expect(takes()).toEqual(['Take 1']);
});

test('what is dropped elsewhere is imported, and nothing complained', async () => {
  const dataTransfer = await page.evaluateHandle(
    (content) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], 'Alan.mp4', { type: 'video/mp4' }));
      return transfer;
    },
    readFileSync(at('clip.mp4')).toString('base64'),
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer });
  await page.getByText('Drop to import, or on the timeline').waitFor();
  await page.dispatchEvent('body', 'drop', { dataTransfer });
  await page.getByRole('dialog', { name: 'Whose face is this?' }).waitFor();
  await page.keyboard.press('Escape');
  expect(complaints.join('\n')).toBe('');
});
