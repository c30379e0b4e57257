import { RPCLink } from '@orpc/client/message-port';
import { type Bridge, CONNECT, LIVE, LIVE_RECEIVED } from '../../../shared/contract/bridge.ts';
import type { Host } from './host.ts';

declare global {
  interface Window {
    /** Only Electron's preload script puts it here. */
    readonly likeness?: Bridge;
  }
}

/** In Electron: a MessagePort to the main process, and files named by their path. */
export function desktop(bridge: Bridge): Host {
  return {
    connect({ opened, lost }) {
      const { port1: mine, port2: theirs } = new MessageChannel();
      let ended = false;
      mine.addEventListener('close', () => ended || lost());
      mine.start();
      window.postMessage(CONNECT, location.origin, [theirs]);
      queueMicrotask(() => ended || opened(new RPCLink({ port: mine })));
      return () => {
        ended = true;
        mine.close();
      };
    },
    openLive({ opened, message, lost }) {
      const { port1: mine, port2: theirs } = new MessageChannel();
      let ended = false;
      mine.addEventListener('close', () => ended || lost());
      mine.addEventListener('message', ({ data }: MessageEvent<string | Uint8Array>) => {
        if (ended) return;
        if (typeof data === 'string') return message(data);
        mine.postMessage(LIVE_RECEIVED);
        message(
          data.byteLength === data.buffer.byteLength
            ? (data.buffer as ArrayBuffer)
            : (data.slice().buffer as ArrayBuffer),
        );
      });
      mine.start();
      window.postMessage(LIVE, location.origin, [theirs]);
      queueMicrotask(() => ended || opened());
      return {
        send: (message) => mine.postMessage(message),
        close: () => {
          ended = true;
          mine.close();
        },
      };
    },
    openWindow: (address) => bridge.openWindow(address),
    take: async (file, onProgress) => {
      const path = file instanceof File ? bridge.pathForFile(file) : file.path;
      if (path === '')
        throw {
          code: 'not-found',
          message: 'This is not a file on this computer.',
          hint: 'Save it to a folder first, then drop it here.',
        };
      onProgress(1);
      return { kind: 'path', path };
    },
  };
}
