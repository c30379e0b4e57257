import type { WebSocket } from 'ws';
import type { LiveLines } from '../studio/live/index.ts';

/** Puts a browser window's socket on the live picture. */
export function answerLive(lines: LiveLines, client: WebSocket): void {
  const session = lines.connect({
    send: (message, left) =>
      client.send(message, () => {
        left?.();
        session.drained();
      }),
    get buffered() {
      return client.bufferedAmount;
    },
    close: () => client.close(),
  });
  client.on('message', (message: Buffer, binary) => session.receive(binary ? message : message.toString()));
  client.on('close', () => session.close());
}
