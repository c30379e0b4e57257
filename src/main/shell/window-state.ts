import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

const WindowState = z.object({ bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) }), maximized: z.boolean() });
type WindowState = z.infer<typeof WindowState>;

/** Where the window was last; undefined the first time, or when that place is on no screen any more. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    const state = WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
    return visible(state.bounds) ? state : undefined;
  } catch {
    return undefined; // none yet, or cut short: the window opens at its usual size
  }
}

/** Writes the place down a moment after each change, whole or not at all, so that a crash loses nothing. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    writeFileSync(`${file}.partial`, JSON.stringify(state));
    renameSync(`${file}.partial`, file);
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, 500);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', write);
}

/** Enough of the window lies on some screen to be dragged back. */
function visible(bounds: Rectangle): boolean {
  const { workArea } = screen.getDisplayMatching(bounds);
  const across = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
  const down = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
  return across > 100 && down > 100;
}
