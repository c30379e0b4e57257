import type { MessagePortMain } from 'electron';
import type { WebSocket } from 'ws';

/** The part of a socket that the adapter uses. */
type Socket = Pick<WebSocket, 'addEventListener' | 'send'>;

/** As on the web host: control messages are small, files travel by path. */
const MAX_MESSAGE = 1 << 20;

/**
 * Electron's port in the shape of a socket. The socket adapter survives a malformed message; the port adapter leaves it
 * as an unhandled rejection, which would end the main process.
 */
export function portSocket(port: MessagePortMain): Socket {
  const socket = {
    send: (message: unknown) => port.postMessage(message),
    addEventListener: (type: string, listener: (event: { data: unknown }) => void): void => {
      if (type === 'close') port.on('close', () => listener({ data: undefined }));
      else if (type === 'message') port.on('message', ({ data }) => (fits(data) ? listener({ data }) : port.close()));
    },
  };
  return socket as Socket; // its events carry `data` only, which is all the adapter reads
}

function fits(data: unknown): boolean {
  if (typeof data === 'string') return data.length <= MAX_MESSAGE;
  return data instanceof Uint8Array && data.byteLength <= MAX_MESSAGE;
}
