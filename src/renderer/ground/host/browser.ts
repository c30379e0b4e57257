import { RPCLink } from '@orpc/client/websocket';
import type { Host } from './host.ts';

/** In a browser: a WebSocket, and files streamed to the host. */
export const browser: Host = {
  connect({ opened, lost }) {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rpc`);
    socket.binaryType = 'arraybuffer';
    let ended = false;
    socket.addEventListener('open', () => ended || opened(new RPCLink({ websocket: socket })));
    socket.addEventListener('close', () => ended || lost());
    return () => {
      ended = true;
      socket.close();
    };
  },
  openLive({ opened, message, lost }) {
    const socket = new WebSocket(new URL('live', location.href.replace(/^http/, 'ws'))); // beside this page
    socket.binaryType = 'arraybuffer';
    let ended = false;
    socket.addEventListener('open', () => ended || opened());
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => ended || message(data));
    socket.addEventListener('close', () => ended || lost());
    return {
      send: (message) => socket.readyState === WebSocket.OPEN && socket.send(message),
      close: () => {
        ended = true;
        socket.close();
      },
    };
  },
  openWindow: (address) => void window.open(address, '_blank', 'noopener,popup,width=720,height=720'),
  take: (file, onProgress, signal) =>
    new Promise((resolve, reject) => {
      if (!(file instanceof File)) return reject(new Error('A page in a browser cannot name a file.'));
      const request = new XMLHttpRequest(); // fetch cannot report upload progress
      request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
      request.upload.addEventListener(
        'progress',
        (event) => event.lengthComputable && onProgress(event.loaded / event.total),
      );
      request.addEventListener('load', () => {
        const answer = parse(request.responseText);
        if (request.status === 200 && answer.token !== undefined) resolve({ kind: 'upload', token: answer.token });
        else reject(answer.error ?? new Error(`The upload was answered with ${request.status}.`));
      });
      request.addEventListener('error', () => reject(new Error('The file could not be sent to Likeness.')));
      request.addEventListener('abort', () => reject(new DOMException('The upload was stopped.', 'AbortError')));
      signal?.addEventListener('abort', () => request.abort(), { once: true });
      request.send(file);
    }),
};

function parse(text: string): { readonly token?: string; readonly error?: unknown } {
  try {
    return JSON.parse(text) as { token?: string; error?: unknown };
  } catch {
    return {};
  }
}
