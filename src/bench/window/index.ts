/** How fast the window is to the person before it: in a real browser, over the web host, on one trained project. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { StudioError } from '../../shared/contract/index.ts';
import { LiveLines } from '../../main/studio/live/index.ts';
import type { Studio } from '../../main/studio/studio.ts';
import { startWebHost } from '../../main/web/server.ts';
import { spreadOf } from '../../main/studio/engine/numbers/spread.ts';
import { unlessStopped } from '../stopped.ts';
import { bundleSize } from './bundle-size.ts';
import { play } from './playing.ts';
import { scrubOver } from './scrubbing.ts';
import type { WindowSpeed } from './speed.ts';
import { TimedWindow } from './timed-window.ts';

export interface WindowSpeedRequest {
  readonly browser: Browser;
  readonly studio: Studio;
  /** A trained one. */
  readonly project: string;
  readonly windowDir: string;
  /** How long it plays for each figure. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Of what the window itself asks for; its live pictures are as tall. */
const HEIGHT = 360;
/** Of what is over in a moment the middle of as many is taken. */
const ROUNDS = 3;

/** Raises StudioError('not-found' | 'bad-bundle' | 'cancelled'). */
export async function windowSpeed({
  browser,
  studio,
  project,
  windowDir,
  seconds,
  signal,
}: WindowSpeedRequest): Promise<WindowSpeed> {
  const { id, name, source } = studio.library.projects.find(project);
  const goOn = () => unlessStopped(signal);
  await picturesOf(studio, id, goOn);
  const host = await startWebHost({
    studio,
    live: new LiveLines(studio),
    windowDir,
    uploadDir: join(tmpdir(), `likeness-window-speed-${process.pid}`),
  });
  try {
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      goOn();
      const visitor = await TimedWindow.open(browser, host.url);
      starts.push(await visitor.interactive());
      await visitor.close();
    }
    const window = await TimedWindow.open(browser, host.url);
    try {
      await window.interactive();
      const avatarMs = await window.click(name, 'avatar');
      const openings: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        goOn();
        await window.backToLibrary();
        openings.push(await window.click(name, 'source', 'avatar'));
      }
      const playing = await play(window, seconds);
      goOn();
      const scrub = {
        source: spreadOf(await scrubOver(window, 'source', seconds)),
        avatar: spreadOf(await scrubOver(window, 'avatar', seconds)),
      };
      return {
        browser: `Chromium ${browser.version()}`,
        playing: { ...playing, sourceFps: source.fps, height: HEIGHT },
        scrub,
        interactiveMs: spreadOf(starts).p50Ms,
        open: { pictureMs: spreadOf(openings).p50Ms, avatarMs },
        bundle: bundleSize(windowDir),
      };
    } finally {
      await window.close();
    }
  } finally {
    await host.close();
  }
}

/** Made before anything is timed: that is done once in a project's life. */
async function picturesOf(studio: Studio, project: string, goOn: () => void): Promise<void> {
  if ((await studio.projects.get(project)).pictures !== null) return;
  const { id } = studio.timeline.makePictures(project);
  for (;;) {
    goOn();
    const state = studio.jobs.list().find((job) => job.id === id)!.state;
    if (state.kind === 'done') return;
    if (state.kind === 'failed') throw new StudioError(state.error);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
