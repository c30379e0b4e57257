import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { Studio } from '../studio/studio.ts';
import { WINDOW_ORIGIN } from './scheme.ts';
import { keepWindowState, readWindowState } from './window-state.ts';

/** The studio's one window. */
export function openWindow(studio: Studio, preload: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const state = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...(state?.bounds ?? { width: 1360, height: 860 }),
    minWidth: 720,
    minHeight: 520,
    show: false,
    title: 'Likeness',
    backgroundColor: '#1a1b1e',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, navigateOnDragDrop: false, spellcheck: false },
  });
  if (state?.maximized) window.maximize();
  keepWindowState(window, stateFile);
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (!mayClose(studio, window)) event.preventDefault();
  });
  void window.loadURL(`${WINDOW_ORIGIN}/`);
  return window;
}

/** A job that runs would be cut short: say so, and that it can be taken up again. */
function mayClose(studio: Studio, window: BrowserWindow): boolean {
  const running = studio.listJobs().filter(({ state }) => state.kind === 'running' || state.kind === 'queued').length;
  if (running === 0) return true;
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: running === 1 ? 'A job is still running.' : `${running} jobs are still running.`,
    detail: 'If you close Likeness now they stop, and can be resumed next time. A training goes on from its last checkpoint.',
    buttons: ['Keep open', 'Close'],
    defaultId: 0,
    cancelId: 0,
  });
  return answer === 1;
}
