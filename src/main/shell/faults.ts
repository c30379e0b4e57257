import { app, dialog } from 'electron';
import { catchFaults, type Log } from '../log/index.ts';

/** A fault that comes back at once must not open a box on top of the other. */
const ASK_AGAIN_AFTER_MS = 60_000;

/**
 * A promise that failed unheard is logged, and the program goes on. After an exception the person decides: what is
 * shown may not be relied on any more, but a training may be in the middle.
 */
export function tellOfFaults(log: Log): void {
  let asked = -Infinity;
  catchFaults((kind) => {
    if (kind === 'unhandledRejection' || performance.now() - asked < ASK_AGAIN_AFTER_MS) return;
    const choice = dialog.showMessageBoxSync({
      type: 'error',
      message: 'Something in Likeness itself went wrong.',
      detail: `It is written down in ${log.path}. Quit and start again to be safe: trainings can be resumed.`,
      buttons: ['Quit', 'Go on'],
      defaultId: 0,
      cancelId: 1,
    });
    asked = performance.now();
    if (choice === 0) app.exit(1);
  });
  app.on('render-process-gone', (_event, _page, { reason, exitCode }) => {
    if (reason !== 'clean-exit') log.fault('window', `its process is gone: ${reason}, exit code ${exitCode}`);
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name = '' }) => {
    if (reason !== 'clean-exit') log.fault(`${type} process ${name}`.trim(), `${reason}, exit code ${exitCode}`);
  });
}
