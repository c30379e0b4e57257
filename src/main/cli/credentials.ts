import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { StudioError } from '../../shared/contract/index.ts';
import { CredentialsResult } from '../../shared/contract/credentials.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

interface Options {
  readonly certificate?: string;
  readonly key?: string;
  readonly local?: true;
  /** False: nobody's. */
  readonly trust?: string | false;
  readonly on?: true;
  readonly off?: true;
}

export function addCredentials(program: Command, inSession: InSession): void {
  program
    .command('credentials')
    .description('Says who signs exports with Content Credentials (C2PA), and changes it.')
    .option('--certificate <file>', 'yours, followed by those that issued it, in one PEM file; with --key')
    .option('--key <file>', 'its private key, without a passphrase, as PEM; both are copied into the library')
    .addOption(
      new Option('--local', "the library's own certificate signs again, which nobody verified").conflicts([
        'certificate',
        'key',
      ]),
    )
    .option('--trust <file>', 'certificates whose word counts when files of others are checked, as PEM')
    .option('--no-trust', "nobody's word counts any more")
    .addOption(new Option('--on', 'exports are signed').conflicts('off'))
    .option('--off', 'exports are not signed')
    .action((options: Options) =>
      inSession(async ({ studio, terminal, signal }) => {
        const used = await studio.system.certificate({ own: ownOf(options), trust: trustOf(options) }, signal);
        const on = options.on ?? (options.off ? false : undefined);
        const { credentials } = on === undefined ? studio.settings.get() : studio.settings.change({ credentials: on });
        const whose = used.certificate === 'local' ? "this library's own certificate" : 'your certificate';
        answer(terminal, CredentialsResult, { ...used, on: credentials }, [
          credentials ? 'Exports are signed with Content Credentials.' : 'Exports are not signed.',
          `${credentials ? 'Signed' : 'They would be signed'} by "${used.signer}": ${whose}, ` +
            `issued by "${used.issuer}", valid until ${used.expires.slice(0, 10)}.`,
          ...trustedWords(used.trusted),
        ]);
      }),
    );
}

function trustedWords(trusted: readonly string[]): string[] {
  if (trusted.length === 0) return [];
  return [`When files of others are checked, the word counts of ${trusted.map((name) => `"${name}"`).join(', ')}.`];
}

function trustOf({ trust }: Options): string | null | undefined {
  return trust === false ? null : trust && resolve(trust);
}

function ownOf({ certificate, key, local }: Options): { certificate: string; key: string } | 'local' | undefined {
  if (local) return 'local';
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate !== undefined && key !== undefined) return { certificate: resolve(certificate), key: resolve(key) };
  throw new StudioError({
    code: 'bad-request',
    message: 'A certificate signs with its key.',
    hint: 'Give both --certificate and --key.',
  });
}
