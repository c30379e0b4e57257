import { basename, dirname } from 'node:path';
import { BrowserWindow, Menu, shell, type MenuItemConstructorOptions } from 'electron';
import { ACTION } from '../../shared/contract/bridge.ts';
import type { RecentFile } from './recent-files.ts';

export interface MenuParts {
  readonly libraryDir: string;
  readonly recent: readonly RecentFile[];
  readonly open: (path: string) => void;
  readonly clearRecent: () => void;
}

/**
 * What each system expects of an application menu, the videos imported last, the library's folder, and the window's own
 * commands.
 */
export function applicationMenu({ libraryDir, recent, open, clearRecent }: MenuParts): Menu {
  const mac = process.platform === 'darwin';
  const own: MenuItemConstructorOptions[] = mac ? [{ role: 'appMenu' }] : [];
  return Menu.buildFromTemplate([
    ...own,
    {
      role: 'fileMenu',
      submenu: [
        action('Import a video…', 'library.import'),
        {
          label: 'Open Recent',
          enabled: recent.length > 0,
          submenu: [
            ...recent.map(({ path }) => ({ label: label(path, recent), click: () => open(path) })),
            { type: 'separator' },
            { label: 'Clear Recent', click: clearRecent },
          ],
        },
        { type: 'separator' },
        action('Library', 'window.library'),
        { label: 'Show the library folder', click: () => void shell.openPath(libraryDir) },
        { type: 'separator' },
        action('Settings…', 'window.settings'),
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    editMenu(mac),
    {
      label: 'Go',
      submenu: [
        action('Find a command or a project…', 'window.palette'),
        action('Jobs', 'window.jobs'),
        { type: 'separator' },
        action('Source', 'project.source'),
        action('Train', 'project.train'),
        action('Perform', 'project.perform'),
        action('Export', 'project.export'),
      ],
    },
    {
      role: 'viewMenu',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        action('Keyboard shortcuts', 'window.shortcuts'),
        action('Debug report', 'window.report'),
        action('About Likeness', 'window.about'),
      ],
    },
  ]);
}

/**
 * Undo and Redo are the window's, of the take or of the text field with the focus; the keys shown are taken by the page
 * first. On macOS text fields have no keys but a menu's.
 */
function editMenu(mac: boolean): MenuItemConstructorOptions {
  const keys = (accelerator: string): MenuItemConstructorOptions => ({ accelerator, registerAccelerator: false });
  return {
    role: 'editMenu',
    submenu: [
      { ...action('Undo', 'edit.undo'), ...keys('CmdOrCtrl+Z') },
      { ...action('Redo', 'edit.redo'), ...keys(mac ? 'Shift+Cmd+Z' : 'Ctrl+Y') },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { type: 'separator' },
      { role: 'selectAll' },
    ],
  };
}

/** The window does it, if it can now. The keys are the window's: a person may have changed them. */
function action(label: string, id: string): MenuItemConstructorOptions {
  return {
    label,
    click: () => (BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])?.webContents.send(ACTION, id),
  };
}

/** A file's name, with its folder where another has the same; an ampersand would be a key of the menu. */
function label(path: string, recent: readonly RecentFile[]): string {
  const name = basename(path);
  const twice = recent.filter((one) => basename(one.path) === name).length > 1;
  return (twice ? `${name} (${basename(dirname(path))})` : name).replaceAll('&', '&&');
}
