import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { serve } from '../src/main/serve.ts';
import type { Take } from '../src/shared/domain/take.ts';
import { dropOnTimeline } from './dropping.ts';
import { openedWindow } from './opened-window.ts';
import { shortSample } from './short-sample.ts';
import { clientOn, cookieOf } from './studio-client.ts';
import { dragBy, placeOf } from './timeline-hands.ts';
import { tone } from './tone.ts';

/** Of the video that the timeline begins with. */
export const SECONDS = 4;
export const FPS = 25;

export type OpenedTimeline = Awaited<ReturnType<typeof openedTimeline>>;

/** The timeline of a video of four seconds without an avatar, in a library and a browser of its own. */
export async function openedTimeline() {
  const library = mkdtempSync(join(tmpdir(), 'likeness-timeline-'));
  const host = await serve({ libraryDir: library });
  const { projectId: project } = await host.studio.projects.importVideo({
    path: await shortSample(),
    name: 'Ada',
    consent: { basis: 'synthetic', note: '' },
  });
  const other = clientOn(host.url, await cookieOf(host.url));
  const { browser, page, complaints } = await openedWindow(host.url, { height: 720 });
  await page.goto(new URL(`/#/project/${project}/perform`, host.url).href);
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  return {
    host,
    /** Another window's connection. */
    other,
    page,
    project,
    /** What the console was told. */
    complaints,
    ...handsOn(page),
    saved: async (): Promise<Take> => (await other.client.takes.get({ id: project })).take,
    async close(): Promise<void> {
      await browser.close();
      other.close();
      await host.close();
      rmSync(library, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function handsOn(page: Page) {
  const slider = (name: string) => page.getByRole('slider', { name });
  const place = (name: string) => placeOf(page, name);
  return {
    slider,
    place,
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    clips: () => page.locator('.clip'),
    time: () => page.getByRole('textbox', { name: 'Time' }),
    now: async () => Number(await slider('Playhead').getAttribute('aria-valuenow')),
    beep: () => page.getByRole('button', { name: /^Sound Beep/ }),
    at: async (name: string): Promise<number> => (await place(name))[0],
    drag: (what: Locator, seconds: number, { alt = false } = {}) => dragBy(page, what, seconds, SECONDS, alt),
    dropSound: (seconds: number) =>
      dropOnTimeline(page, { name: 'Beep.wav', type: 'audio/wav', bytes: tone(1) }, seconds / (SECONDS * 1.04)),
  };
}
