import type { MessagePortMain } from 'electron';
import { LIVE_RECEIVED } from '../../shared/contract/bridge.ts';
import type { LiveLines } from '../studio/live/index.ts';

/**
 * Puts a desktop window's port on the live picture. A port does not tell what is still on its way, so the window
 * answers each picture. Electron's main process can hand over ports only, not buffers: a picture is copied once.
 */
export function answerLive(lines: Pick<LiveLines, 'connect'>, port: MessagePortMain): void {
  const underWay: number[] = []; // bytes of each picture
  const session = lines.connect({
    send: (message, left) => {
      if (typeof message !== 'string') underWay.push(message.byteLength);
      port.postMessage(message); // takes a copy
      left?.();
    },
    get buffered() {
      return underWay.reduce((sum, bytes) => sum + bytes, 0);
    },
    close: () => port.close(),
  });
  port.on('message', ({ data }) => {
    if (data !== LIVE_RECEIVED) return session.receive(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    underWay.shift();
    session.drained();
  });
  port.on('close', () => session.close());
  port.start();
}
