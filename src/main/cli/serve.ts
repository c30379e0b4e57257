import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../shared/contract/index.ts';
import { wholeNumber } from './arguments.ts';
import { interruptible } from './interrupt.ts';
import { goOnAfterRejections } from './faults.ts';
import { addressesOnEnter } from './new-address.ts';
import { answer, note, type Terminal, unanswered } from './terminal.ts';

const ServeResult = z.object({
  url: z.string(),
  api: z.object({ url: z.string(), document: z.string(), tokenFile: z.string() }).optional(), // for other programs
});

interface ServeOptions {
  readonly port?: number;
  readonly bind?: string;
  readonly remote?: boolean;
  readonly name?: readonly string[];
  readonly passwordFile?: string;
  readonly api?: boolean;
}

/**
 * The window for a computer without a screen: reached through a tunnel, or, asked for twice over, from other computers.
 */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('Serves the window without opening it, for a computer elsewhere, until Ctrl-C.')
    .option('--port <number>', 'where it listens (default: a free port)', wholeNumber)
    .option(
      '--bind <address>',
      "the address it listens at; any but this computer's own needs --remote and a password",
      '127.0.0.1',
    )
    .option('--remote', 'lets other computers in, with the password')
    .option('--password-file <file>', 'its first line is the password (or LIKENESS_PASSWORD)')
    .option(
      '--name <name...>',
      'other names the window is opened under, behind a tunnel or a proxy: studio.example, localhost:9000',
    )
    .option('--api', 'lets other programs in too, with a token (docs/api.md)')
    .action(async ({ port, bind, remote, name, passwordFile, api }: ServeOptions) => {
      const { library } = program.opts<{ library?: string }>();
      const { serve } = await import('../serve.ts');
      const { accessFor } = await import('../web/addresses.ts');
      const access = accessFor({ bind, remote, names: name, password: passwordFrom(passwordFile) });
      const signal = interruptible(terminal.log);
      const host = await serve({
        access,
        ...(api ? { api } : {}),
        unanswered: unanswered(terminal),
        ...(library === undefined ? {} : { libraryDir: resolve(library) }),
        ...(port === undefined ? {} : { port }),
      });
      goOnAfterRejections(terminal, host.studio.log.path);
      const { url, apiUrl, tokenFile } = host;
      let closeKeys = (): void => undefined;
      try {
        const programs = tokenFile && { url: apiUrl, document: `${apiUrl}/openapi.json`, tokenFile };
        answer(terminal, ServeResult, programs ? { url, api: programs } : { url }, [
          `The studio is open at ${url}`,
          ...(programs ? [`Programs ask at ${apiUrl}, with the token in ${tokenFile}`] : []),
        ]);
        closeKeys = addressesOnEnter(terminal, () => host.urlWithKey);
        if (remote)
          note(
            terminal,
            'What passes between is not encrypted: on a network that others use, ' +
              'put a tunnel or a proxy with TLS in front of it.',
          );
        note(terminal, 'Ctrl-C closes it.');
        if (!signal.aborted) await once(signal, 'abort');
      } finally {
        closeKeys();
        await host.close();
      }
    });
}

/** Never from the command line, which every program on the computer can read. */
function passwordFrom(file: string | undefined): string | undefined {
  if (file === undefined) return process.env['LIKENESS_PASSWORD'] || undefined;
  try {
    return readFileSync(resolve(file), 'utf8').split(/\r?\n/)[0];
  } catch (cause) {
    throw new StudioError(
      {
        code: 'not-found',
        message: `The password file ${file} could not be read.`,
        hint: 'Name a file that holds the password in its first line.',
      },
      { cause },
    );
  }
}
