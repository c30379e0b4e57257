import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { serve } from '../src/main/serve.ts';
import { type Opening, openedWindow } from './opened-window.ts';
import { trainedSample } from './trained-sample.ts';

export interface OpenedSample {
  readonly library: string;
  /** Of the project. */
  readonly id: string;
  readonly host: Awaited<ReturnType<typeof serve>>;
  readonly page: Page;
  /** What the page said that it should not. */
  readonly complaints: string[];
  /** To a place of the window: "/project/...". */
  go(path: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Devices of the browser's own, which pages may use without a question: one without a screen can ask nobody. */
export const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** The trained sample in a library of its own, served, and its window open in a browser. */
export async function openedSample(opening: Opening = {}): Promise<OpenedSample> {
  const { library, project: id } = await trainedSample();
  const host = await serve({ libraryDir: library });
  const { browser, page, complaints } = await openedWindow(host.url, opening);
  return {
    library,
    id,
    host,
    page,
    complaints,
    go: (path) => page.goto(new URL(`/#${path}`, host.url).href),
    close: async () => {
      await browser.close();
      await host.close();
      rmSync(library, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
