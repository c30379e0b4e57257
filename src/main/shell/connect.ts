import { RPCHandler } from '@orpc/server/ws';
import { ipcMain } from 'electron';
import { CONNECT } from '../../shared/contract/bridge.ts';
import { StudioError } from '../../shared/contract/index.ts';
import { createRouter } from '../host/router.ts';
import type { Studio } from '../studio/studio.ts';
import { ours } from './confine.ts';
import { portSocket } from './port-socket.ts';

/** Answers each window that asks for a line to the core; a page that is not ours, or a frame in one, gets none. */
export function answerWindows(studio: Studio): void {
  const rpc = new RPCHandler(
    createRouter(studio, {
      paths: 'allowed',
      file: () => {
        throw new StudioError({ code: 'not-found', message: 'Nothing is uploaded to a desktop window.', hint: 'Drop the file on the window.' });
      },
      discard: async () => undefined,
    }),
  );
  ipcMain.on(CONNECT, ({ senderFrame, ports }) => {
    const [port] = ports;
    if (!port) return;
    if (!senderFrame || senderFrame.parent !== null || !ours(senderFrame.url)) return port.close();
    void rpc.upgrade(portSocket(port), { context: {} });
    port.start();
  });
}
