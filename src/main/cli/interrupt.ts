import { StudioError } from '../../shared/contract/index.ts';

/**
 * Ctrl-C asks the running work to stop and keep what it has; a second one ends the program on the spot, which the
 * trainer notices by the end of its standard input.
 */
export function interruptible(log: NodeJS.WritableStream): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(3);
    log.write('\nStopping (Ctrl-C again to stop at once) ...\n');
    controller.abort(stopped());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

/** What whoever waits for the signal alone ends with. */
function stopped(): StudioError {
  return new StudioError({ code: 'cancelled', message: 'It was stopped.', hint: 'Start it again when you like.' });
}
