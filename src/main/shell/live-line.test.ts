import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';
import { expect, it } from 'vitest';
import { LIVE_RECEIVED } from '../../shared/contract/bridge.ts';
import type { Line } from '../studio/live/index.ts';
import { answerLive } from './live-line.ts';

it('a port counts the pictures that the window has not answered yet', () => {
  const heard: unknown[] = [];
  let line: Line | undefined;
  const lines = {
    connect: (one: Line) => {
      line = one;
      return {
        receive: (message: unknown) => heard.push(message),
        drained: () => heard.push('drained'),
        close: () => heard.push('closed'),
      };
    },
  };
  const posted: unknown[] = [];
  const port = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => posted.push(message),
    start: () => undefined,
    close: () => undefined,
  });
  answerLive(lines as never, port as unknown as MessagePortMain);
  line!.send('{}');
  line!.send(new Uint8Array(1000));
  line!.send(new Uint8Array(500));
  expect(posted).toHaveLength(3);
  expect(line!.buffered).toBe(1500);
  port.emit('message', { data: LIVE_RECEIVED });
  expect(line!.buffered).toBe(500);
  port.emit('message', { data: '{"type":"frame"}' });
  port.emit('message', { data: Uint8Array.of(1, 2).buffer });
  port.emit('message', { data: LIVE_RECEIVED });
  port.emit('message', { data: LIVE_RECEIVED }); // one too many is none
  expect(line!.buffered).toBe(0);
  port.emit('close');
  expect(heard).toEqual(['drained', '{"type":"frame"}', Uint8Array.of(1, 2), 'drained', 'drained', 'closed']);
});
