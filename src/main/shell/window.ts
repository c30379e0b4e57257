import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { Studio } from '../studio/studio.ts';
import { comeBack, showPage } from './come-back.ts';
import { closingQuestion } from './closing.ts';
import { CONFINED } from './confine.ts';
import { keepPlace, readPlaceOnScreen } from './window-place.ts';

/** The studio's one window. */
export function openWindow(studio: Studio, preload: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const state = readPlaceOnScreen(stateFile);
  const window = new BrowserWindow({
    ...(state?.bounds ?? { width: 1360, height: 860 }),
    minWidth: 720,
    minHeight: 520,
    show: false,
    title: 'Likeness',
    backgroundColor: '#1a1b1e',
    webPreferences: { ...CONFINED, preload },
  });
  if (state?.maximized) window.maximize();
  keepPlace(window, stateFile);
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (!mayClose(studio, window)) event.preventDefault();
  });
  comeBack(window.webContents, (reason) =>
    dialog.showErrorBox(
      'The window fell over twice.',
      `Jobs go on. Close the window and start Likeness again. (${reason})`,
    ),
  );
  showPage(window.webContents);
  return window;
}

function mayClose(studio: Studio, window: BrowserWindow): boolean {
  const question = closingQuestion(studio.jobs.atWork());
  if (!question) return true;
  return (
    dialog.showMessageBoxSync(window, {
      type: 'question',
      ...question,
      buttons: ['Keep open', 'Close'],
      defaultId: 0,
      cancelId: 0,
    }) === 1
  );
}
