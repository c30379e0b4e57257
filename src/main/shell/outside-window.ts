import { BrowserWindow, session } from 'electron';
import { CONFINED, limitSession } from './confine.ts';
import { isOf } from './own-page.ts';

/** Kept in memory, and apart from the studio's window: neither sees what the other keeps. */
const PARTITION = 'outside';

/** The live picture by itself, in a window without controls that loads its one page and nothing else. */
export class OutsideWindow {
  #window: BrowserWindow | undefined;
  #address = '';

  constructor() {
    limitSession(session.fromPartition(PARTITION), (address) => isOf(this.#address, address));
  }

  /** Shows the page at `address`; goes when `opener` does, so that the program ends with its window. */
  show(address: string, opener: BrowserWindow | null): void {
    this.#address = address;
    const window = this.#window && !this.#window.isDestroyed() ? this.#window : this.#open(opener);
    if (window.webContents.getURL() !== address) void window.loadURL(address).catch(() => undefined);
    if (window.isMinimized()) window.restore();
    window.focus();
  }

  #open(opener: BrowserWindow | null): BrowserWindow {
    const window = new BrowserWindow({
      width: 720,
      height: 720,
      title: 'Likeness, live',
      backgroundColor: '#000000',
      webPreferences: { ...CONFINED, partition: PARTITION },
    });
    const close = (): void => window.destroy();
    opener?.once('closed', close);
    window.once('closed', () => opener?.off('closed', close));
    return (this.#window = window);
  }
}
