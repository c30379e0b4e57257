import { RPCHandler } from '@orpc/server/ws';
import { BrowserWindow, ipcMain, type IpcMainEvent, type MessagePortMain, shell } from 'electron';
import { CONNECT, LISTENING, LIVE, OUTSIDE } from '../../shared/contract/bridge.ts';
import { StudioError } from '../../shared/contract/index.ts';
import { createRouter } from '../host/router.ts';
import { LiveLines } from '../studio/live/index.ts';
import { LivePage } from '../web/live-page.ts';
import type { Studio } from '../studio/studio.ts';
import { answerLive } from './live-line.ts';
import { listeningPages } from './listening.ts';
import type { OpenedFiles } from './opened-files.ts';
import { OutsideWindow } from './outside-window.ts';
import { ours } from './own-page.ts';
import { portSocket } from './port-socket.ts';

/** Answers each window that asks for a line to the core or to the live picture. */
export function answerWindows(
  studio: Studio,
  opened: OpenedFiles,
  imported: (path: string, projectId: string) => void,
  windowDir: string,
): void {
  const lines = new LiveLines(studio); // its engines, and who looks on, end with the program
  const page = new LivePage(lines, windowDir);
  const rpc = new RPCHandler(
    createRouter(
      studio,
      {
        paths: 'allowed',
        file: () => {
          throw new StudioError({
            code: 'not-found',
            message: 'Nothing is uploaded to a desktop window.',
            hint: 'Drop the file on the window.',
          });
        },
        discard: async () => undefined,
        imported,
        showFolder: async (folder) => {
          const problem = await shell.openPath(folder);
          if (problem)
            throw new StudioError({
              code: 'not-found',
              message: 'The folder could not be opened.',
              hint: `It is ${folder}.`,
              detail: problem,
            });
        },
      },
      page,
    ),
  );
  ipcMain.on(CONNECT, (event) => {
    const port = portOf(event);
    if (!port) return;
    void rpc.upgrade(portSocket(port), { context: {} });
    port.start();
  });
  ipcMain.on(LIVE, (event) => {
    const port = portOf(event);
    if (port) answerLive(lines, port);
  });
  const outside = new OutsideWindow();
  ipcMain.on(OUTSIDE, (event, address: unknown) => {
    if (!trusted(event.senderFrame) || typeof address !== 'string') return;
    const opener = BrowserWindow.fromWebContents(event.sender);
    void page.gave(address).then((given) => given && outside.show(address, opener));
  });
  const listens = listeningPages(opened);
  ipcMain.on(LISTENING, ({ sender, senderFrame }) => {
    if (trusted(senderFrame)) listens(sender);
  });
}

/** The top frame of our own page, and nothing else, is spoken with. */
function trusted(frame: IpcMainEvent['senderFrame']): boolean {
  return frame !== null && frame.parent === null && ours(frame.url);
}

function portOf({ senderFrame, ports: [port] }: IpcMainEvent): MessagePortMain | undefined {
  if (trusted(senderFrame)) return port;
  port?.close();
  return undefined;
}
