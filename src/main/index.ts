/** The Electron host: the studio's window as a program of its own. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session } from 'electron';
import { StudioError } from '../shared/contract/index.ts';
import { answerWindows } from './shell/connect.ts';
import { confinePages, limitPermissions } from './shell/confine.ts';
import { applicationMenu } from './shell/menu.ts';
import { declareScheme, serveScheme } from './shell/scheme.ts';
import { openWindow } from './shell/window.ts';
import { openStudio, type Studio } from './studio/studio.ts';

/** Built, this file is out/main/index.js: the preload script and the window lie beside its folder. */
const PRELOAD = join(import.meta.dirname, '..', 'preload', 'index.cjs');
const WINDOW = join(import.meta.dirname, '..', 'window');

declareScheme();
app.enableSandbox();
confinePages();
if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit(); // the one that runs comes to the front

function start(): void {
  const studio = open();
  if (!studio) return app.quit();
  limitPermissions(session.defaultSession);
  serveScheme(session.defaultSession, studio, WINDOW);
  answerWindows(studio);
  Menu.setApplicationMenu(applicationMenu(studio.library.paths.root));
  let window: BrowserWindow | undefined;
  const show = (): void => {
    if (!window || window.isDestroyed()) window = openWindow(studio, PRELOAD);
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  show();
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => app.quit());
  closeBeforeQuitting(studio);
}

/** The library, or the reason why there is none in a box of the system's. */
function open(): Studio | undefined {
  try {
    return openStudio();
  } catch (error) {
    const { message, hint } = error instanceof StudioError ? error : { message: 'Likeness could not open its library.', hint: String(error) };
    dialog.showErrorBox(message, hint);
    return undefined;
  }
}

/** Running jobs are stopped so that they can be resumed, then the program ends. */
function closeBeforeQuitting(studio: Studio): void {
  let closed = false;
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void studio.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
}
