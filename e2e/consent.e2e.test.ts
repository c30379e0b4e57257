import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../src/main/serve.ts';
import { TINY } from '../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../src/main/studio/media/clips.fixture.ts';
import { seriousFindings } from './accessibility.ts';
import { openedWindow } from './opened-window.ts';

// The consent that a project rests on, in its Source step.
const library = mkdtempSync(join(tmpdir(), 'likeness-consent-'));
let host: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let page: Page;
let project = '';
beforeAll(async () => {
  host = await serve({ libraryDir: library });
  const clip = join(library, 'clip.mp4');
  await tinyClip(clip);
  const consent = { basis: 'permission', note: 'by mail' } as const;
  ({ projectId: project } = await host.studio.projects.importVideo({ path: clip, name: 'Ada', consent }));
  copyFileSync(TINY, host.studio.library.paths.avatar(project));
  ({ browser, page } = await openedWindow(host.url));
  await page.goto(new URL(`/#/project/${project}/source`, host.url).href);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  rmSync(library, { recursive: true, force: true, maxRetries: 5 });
});

test('a file is attached, the consent is withdrawn and given again', async () => {
  const card = page.getByRole('region', { name: 'Consent' });
  await card.getByText('The person agreed').waitFor();
  const letter = { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('I agree.') };
  await card.getByLabel('Attach a file to the consent').setInputFiles(letter);
  await card.getByText('Attached: letter.txt').waitFor();
  await card.getByRole('button', { name: 'Withdraw…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await card.getByText('Withdrawn on').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await page.getByText('The consent to use "Ada" was withdrawn.').waitFor();
  await page.goto(new URL(`/#/project/${project}/source`, host.url).href);
  await card.getByRole('button', { name: 'Give it again' }).click();
  await card.getByText('Withdrawn on').waitFor({ state: 'detached' });
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await page.getByText(/\d+p live/).waitFor();
  expect(existsSync(host.studio.library.paths.avatar(project))).toBe(true);
});
