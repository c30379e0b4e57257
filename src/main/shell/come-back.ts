import type { WebContents } from 'electron';
import { isPage, PAGE } from './own-page.ts';

/** A page that falls over again so soon is not helped by loading it once more. */
const STABLE_MS = 10_000;

/**
 * Jobs and takes live outside the page: when it falls over (memory, a driver), it is loaded again and shows the same.
 * When it went somewhere else, which is not asked about for about:blank, it is brought back. `giveUp` is told the
 * reason when the page falls over twice.
 */
export function comeBack(contents: WebContents, giveUp: (reason: string) => void): void {
  let shown = PAGE;
  let fell = -Infinity;
  contents.on('did-navigate', (_event, url) => {
    if (isPage(url)) shown = url;
    else showPage(contents, shown);
  });
  contents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
    if (isMainFrame && isPage(url)) shown = url;
  });
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || contents.isDestroyed()) return;
    if (performance.now() - fell <= STABLE_MS) return giveUp(reason);
    fell = performance.now();
    showPage(contents, shown);
  });
}

/** A load that is overtaken by another one rejects, and is none to speak of. */
export function showPage(contents: WebContents, url: string = PAGE): void {
  void contents.loadURL(url).catch(() => undefined);
}
