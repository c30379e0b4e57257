import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { ImportResult } from '../../shared/contract/index.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const BundleExported = z.object({ path: z.string(), bytes: z.int() });

export function addBundle(program: Command, inSession: InSession): void {
  const bundle = program.command('bundle').description('Finished avatars as files, to take elsewhere.');

  bundle
    .command('export')
    .description("Copies a project's avatar to a .likeness file.")
    .argument('<project>', 'an id or a unique name')
    .argument('<file>')
    .action((project: string, file: string) =>
      inSession(async ({ studio, terminal }) => {
        const result = await studio.avatars.exportBundle(project, resolve(file));
        answer(terminal, BundleExported, result, [`${(result.bytes / 1e6).toFixed(1)} MB: ${result.path}`]);
      }),
    );

  bundle
    .command('import')
    .description('Takes a .likeness file in, after checking every part of it.')
    .argument('<file>')
    .option('--name <name>', "the project's name (default: the avatar's)")
    .action((file: string, { name }: { name?: string }) =>
      inSession(async ({ studio, terminal }) => {
        const imported = await studio.avatars.importBundle(resolve(file), name);
        answer(terminal, ImportResult, imported, [`Imported "${imported.name}".`, `Project ${imported.projectId}`]);
      }),
    );
}
