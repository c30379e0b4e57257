import type { Page } from 'playwright-core';
import { CONNECT } from '../../src/shared/contract/bridge.ts';

/** What the core answers on a line of its own: a message, or that it closed the line, or nothing for a second. */
export function say(page: Page, message: unknown): Promise<string> {
  return page.evaluate(
    async ([connect, said]) => {
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise<string>((resolve) => {
        port1.addEventListener('message', ({ data }) => resolve(String(data)));
        port1.addEventListener('close', () => resolve('closed'));
        setTimeout(() => resolve('silence'), 1000);
      });
      port1.start();
      window.postMessage(connect, location.origin, [port2]);
      port1.postMessage(said);
      return answered;
    },
    [CONNECT, message] as const,
  );
}

/** One call of the contract. */
export function call(page: Page, procedure: string, input: unknown = {}): Promise<string> {
  return say(page, JSON.stringify({ i: '1', p: { u: procedure, b: { json: input } } }));
}
