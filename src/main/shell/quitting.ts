import type { App, Event } from 'electron';

/**
 * Closes what is open before the program ends, once, however often quitting is asked for. `close`'s failure is told and
 * ends the program all the same.
 */
export function closeBeforeQuitting(app: Pick<App, 'on' | 'quit'>, close: () => Promise<void>): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('will-quit', (event: Event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void close()
      .catch((error: unknown) => console.error(error))
      .then(() => {
        state = 'closed';
        // With nothing to wait for we are still inside will-quit, during which Electron drops another quit().
        setImmediate(() => app.quit());
      });
  });
}
