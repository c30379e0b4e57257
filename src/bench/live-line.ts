import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveLines } from '../main/studio/live/index.ts';
import type { Studio } from '../main/studio/studio.ts';
import { startWebHost } from '../main/web/server.ts';
import { CountingWindow } from './counting-window.ts';

/** A real line: the web host over a studio, and a window that only counts. */
export async function onLiveLine<Found>(
  studio: Studio,
  threads: number,
  measure: (window: CountingWindow) => Promise<Found>,
): Promise<Found> {
  const host = await startWebHost({
    studio,
    live: new LiveLines(studio, { threads }),
    windowDir: tmpdir(),
    uploadDir: join(tmpdir(), `likeness-bench-${process.pid}`),
  });
  try {
    const window = await CountingWindow.open(host.url);
    try {
      return await measure(window);
    } finally {
      window.close();
    }
  } finally {
    await host.close();
  }
}
