/** The Electron host: the studio's window as a program of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session } from 'electron';
import { asStudioError } from '../shared/domain/system-error.ts';
import { answerWindows } from './shell/connect.ts';
import { confinePages, limitSession } from './shell/confine.ts';
import { tellOfFaults } from './shell/faults.ts';
import { applicationMenu } from './shell/menu.ts';
import { handedVideos, OpenedFiles, videosIn } from './shell/opened-files.ts';
import { refusedUser } from './shell/ordinary-user.ts';
import { RecentFiles } from './shell/recent-files.ts';
import { declareScheme, serveScheme } from './shell/scheme.ts';
import { closeBeforeQuitting } from './shell/quitting.ts';
import { openWindow } from './shell/window.ts';
import { defaultLibraryDir } from './studio/library-dir.ts';
import { SILENT_DISK } from './studio/library-dir.ts';
import { DamagedLibrary, openStudio, restoreLibrary, type Studio } from './studio/studio.ts';

/** Built, this file is out/main/index.cjs: the preload script and the window lie beside its folder. */
const PRELOAD = join(import.meta.dirname, '..', 'preload', 'index.cjs');
const WINDOW = join(import.meta.dirname, '..', 'window');

const refused = refusedUser(process.platform, process.getuid?.());
if (refused !== undefined) {
  console.error(refused);
  process.exit(1);
}
declareScheme();
app.enableSandbox();
confinePages();
const files = videosIn(process.argv.slice(1), process.cwd());
const early: string[] = []; // macOS names files before the program is ready
const openEarly = (event: Electron.Event, path: string): void => {
  event.preventDefault();
  early.push(path);
};
app.on('open-file', openEarly);
if (app.requestSingleInstanceLock({ files })) void app.whenReady().then(start);
else app.quit(); // the one that runs comes to the front, and opens the files

function start(): void {
  const studio = open();
  if (!studio) return app.quit();
  tellOfFaults(studio.log);
  limitSession(session.defaultSession);
  serveScheme(session.defaultSession, studio, WINDOW);

  let window: BrowserWindow | undefined;
  const show = (): void => {
    if (!window || window.isDestroyed()) window = openWindow(studio, PRELOAD);
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  const recent = new RecentFiles(join(app.getPath('userData'), 'recent.json'), () => setMenu());
  const opened = new OpenedFiles((path) => existing(studio, recent.projectOf(path)));
  const openFiles = (paths: readonly string[]): void => {
    show();
    opened.add(paths);
  };
  const openRecent = (path: string): void => {
    if (existing(studio, recent.projectOf(path)) !== undefined || existsSync(path)) return openFiles([path]);
    recent.forget(path);
    void dialog.showMessageBox({ type: 'info', message: 'This video is not there any more.', detail: path });
  };
  const clearRecent = (): void => {
    recent.clear();
    app.clearRecentDocuments();
  };
  function setMenu(): void {
    Menu.setApplicationMenu(
      applicationMenu({ libraryDir: studio!.library.paths.root, recent: recent.list(), open: openRecent, clearRecent }),
    );
  }
  const imported = (path: string, projectId: string): void => {
    recent.add({ path, projectId });
    app.addRecentDocument(path);
  };
  answerWindows(studio, opened, imported, WINDOW);

  setMenu();
  openFiles([...files, ...videosIn(early, process.cwd())]);
  app.off('open-file', openEarly);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles(videosIn([path], process.cwd()));
  });
  app.on('second-instance', (_event, _argv, folder, handed) => openFiles(handedVideos(handed, folder)));
  app.on('activate', show);
  app.on('window-all-closed', () => app.quit());
  closeBeforeQuitting(app, () => studio.close());
}

/** The project, if it is in the library still. */
function existing(studio: Studio, projectId: string | undefined): string | undefined {
  return studio.projects.list().find(({ id }) => id === projectId)?.id;
}

/** The library from its newest good copy and its projects' folders, or the reason why that cannot be. */
function restored(): Studio | undefined {
  try {
    restoreLibrary(defaultLibraryDir());
    return open();
  } catch (error) {
    const { message, hint } = asStudioError(error);
    dialog.showErrorBox(message, hint);
    return undefined;
  }
}

/** The library, or the reason why there is none in a box of the system's. */
function open(): Studio | undefined {
  try {
    // An installed program's folder is not to be written to; a checkout keeps its environment in itself.
    return openStudio({
      host: 'desktop',
      unanswered: { text: `${SILENT_DISK.message}\n`, to: 'stderr' },
      ...(app.isPackaged ? { environmentDir: join(app.getPath('userData'), 'trainer') } : {}),
    });
  } catch (error) {
    const { message, hint } = asStudioError(error);
    if (!(error instanceof DamagedLibrary)) {
      dialog.showErrorBox(message, hint);
      return undefined;
    }
    const buttons = ['Restore', 'Quit'];
    const chosen = dialog.showMessageBoxSync({ type: 'error', message, detail: hint, buttons, cancelId: 1 });
    return chosen === 0 ? restored() : undefined;
  }
}
