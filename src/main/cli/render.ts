import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { RenderResult } from '../../shared/contract/index.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

interface Options {
  readonly split: 'train' | 'test';
  readonly drive: 'track' | 'speech';
  readonly size: 'source' | 'crop';
  readonly out: string;
}

export function addRender(program: Command, inSession: InSession): void {
  program
    .command('render')
    .description('Renders frames of the source as PNG files, named by their number in it.')
    .argument('<project>', 'an id or a unique name')
    .addOption(
      new Option('--split <split>', 'frames it learnt from, or frames it never saw')
        .choices(['train', 'test'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--drive <drive>', "the source's own motion, or what its sound drives")
        .choices(['track', 'speech'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--size <size>', 'the whole picture, or the head crop beside its truth')
        .choices(['source', 'crop'])
        .default('source'),
    )
    .requiredOption('--out <folder>', 'where the pictures go')
    .action((project: string, { out, ...what }: Options) =>
      inSession(async (session) => {
        const result = await followJob(
          session,
          session.studio.training.render(project, { ...what, outDir: resolve(out) }),
        );
        answer(session.terminal, RenderResult, result, [`${result.frames} frames in ${result.dir}`]);
      }),
    );
}
