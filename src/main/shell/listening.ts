import type { WebContents } from 'electron';
import { OPENED } from '../../shared/contract/bridge.ts';
import type { OpenedFiles } from './opened-files.ts';

/**
 * Hands opened files to the page that said it listens, and keeps them while it is being replaced: what is sent to a
 * page that is on its way out reaches nobody. The answer is to be called each time a page says that it listens.
 */
export function listeningPages(opened: Pick<OpenedFiles, 'deliverTo'>): (contents: WebContents) => void {
  const listening = new WeakMap<WebContents, boolean>();
  const hold = (): void => opened.deliverTo(undefined);
  const deliver = (contents: WebContents): void => opened.deliverTo((one) => contents.send(OPENED, one));
  const gone = (contents: WebContents): void => {
    listening.set(contents, false);
    hold();
  };

  /** Once for each window: its pages come and go. */
  function follow(contents: WebContents): void {
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) hold();
    });
    contents.on('did-navigate', () => gone(contents));
    // A download, or an address that was refused: the page is still the same.
    contents.on('did-stop-loading', () => {
      if (listening.get(contents)) deliver(contents);
    });
    contents.on('render-process-gone', () => gone(contents));
    contents.once('destroyed', () => gone(contents));
  }

  return (contents) => {
    if (!listening.has(contents)) follow(contents);
    listening.set(contents, true);
    deliver(contents);
  };
}
