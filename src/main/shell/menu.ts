import { BrowserWindow, Menu, shell, type MenuItemConstructorOptions } from 'electron';
import { ACTION } from '../../shared/contract/bridge.ts';

/** What each system expects of an application menu, the library's folder, and the window's own commands. */
export function applicationMenu(libraryDir: string): Menu {
  const mac = process.platform === 'darwin';
  const own: MenuItemConstructorOptions[] = mac ? [{ role: 'appMenu' }] : [];
  return Menu.buildFromTemplate([
    ...own,
    {
      role: 'fileMenu',
      submenu: [
        action('Library', 'window.library'),
        { label: 'Show the library folder', click: () => void shell.openPath(libraryDir) },
        { type: 'separator' },
        action('Settings…', 'window.settings'),
        { type: 'separator' },
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
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
    { role: 'viewMenu', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }] },
    { role: 'windowMenu' },
    { role: 'help', submenu: [action('Keyboard shortcuts', 'window.shortcuts'), action('Debug report', 'window.report'), action('About Likeness', 'window.about')] },
  ]);
}

/** The window does it, if it can now. The keys are the window's: a person may have changed them. */
function action(label: string, id: string): MenuItemConstructorOptions {
  return { label, click: () => (BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0])?.webContents.send(ACTION, id) };
}
