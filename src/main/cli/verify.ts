import { resolve } from 'node:path';
import type { Command } from 'commander';
import { VerifyResult } from '../../shared/contract/verify.ts';
import { verdictLines } from '../../shared/domain/verified.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

export function addVerify(program: Command, inSession: InSession): void {
  program
    .command('verify')
    .description('Says whether a film or picture was made with this program, and how sure that is.')
    .argument('<file>')
    .action((file: string) =>
      inSession(async ({ studio, terminal, signal }) => {
        const found = await studio.system.verify(resolve(file), signal);
        answer(terminal, VerifyResult, found, verdictLines(found));
      }),
    );
}
