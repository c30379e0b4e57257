import { type BrowserWindow, screen } from 'electron';
import { readPlace, type WindowPlace } from './saved-place.ts';
import { writeWhole } from './write-whole.ts';

const REST_MS = 500;

export function readPlaceOnScreen(file: string): WindowPlace | undefined {
  return readPlace(file, (bounds) => screen.getDisplayMatching(bounds).workArea);
}

/** Writes the place down a moment after each change, so that a crash loses nothing. */
export function keepPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    const place: WindowPlace = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeWhole(file, JSON.stringify(place));
    } catch {
      // A full disk must not keep the window from closing.
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  };
  for (const change of ['resize', 'move', 'maximize', 'unmaximize'] as const) window.on(change as 'resize', later);
  window.on('close', write);
}
