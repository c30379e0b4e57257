import { resolve } from 'node:path';
import { once } from 'node:events';
import type { Command } from 'commander';
import { z } from 'zod';
import { wholeNumber } from './arguments.ts';
import { interruptible } from './interrupt.ts';
import { goOnAfterRejections } from './faults.ts';
import { addressesOnEnter } from './new-address.ts';
import { answer, note, type Terminal, unanswered } from './terminal.ts';

const StudioResult = z.object({ url: z.string() });

/** The one command that is a host of its own: it opens the library for as long as the window is wanted. */
export function addStudio(program: Command, terminal: Terminal): void {
  program
    .command('studio')
    .description('Opens the window in the browser, served to this computer only, until Ctrl-C.')
    .option('--port <number>', 'where it listens (default: a free port)', wholeNumber)
    .option('--no-open', 'only print the address')
    .action(async ({ port, open }: { port?: number; open: boolean }) => {
      const { library } = program.opts<{ library?: string }>();
      const { openInBrowser, serve } = await import('../serve.ts');
      const signal = interruptible(terminal.log);
      const host = await serve({
        unanswered: unanswered(terminal),
        ...(library === undefined ? {} : { libraryDir: resolve(library) }),
        ...(port === undefined ? {} : { port }),
      });
      goOnAfterRejections(terminal, host.studio.log.path);
      const { url } = host;
      let closeKeys = (): void => undefined;
      try {
        answer(terminal, StudioResult, { url }, [`The studio is open at ${url}`]);
        closeKeys = addressesOnEnter(terminal, () => host.urlWithKey);
        note(terminal, 'Ctrl-C closes it.');
        if (open) openInBrowser(host.url); // with a key of its own: the printed one stays good
        if (!signal.aborted) await once(signal, 'abort');
      } finally {
        closeKeys();
        await host.close();
      }
    });
}
