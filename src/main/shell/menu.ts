import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';

/** The application menu: what each system expects, and the library's folder. */
export function applicationMenu(libraryDir: string): Menu {
  const mac = process.platform === 'darwin';
  const own: MenuItemConstructorOptions[] = mac ? [{ role: 'appMenu' }] : [];
  const help: MenuItemConstructorOptions = { role: 'help', submenu: [{ label: 'About Likeness', click: () => app.showAboutPanel() }] };
  return Menu.buildFromTemplate([
    ...own,
    { role: 'fileMenu', submenu: [{ label: 'Show the library folder', click: () => void shell.openPath(libraryDir) }, { type: 'separator' }, { role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { role: 'viewMenu', submenu: [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }] },
    { role: 'windowMenu' },
    help,
  ]);
}
