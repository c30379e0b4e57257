import type { Command } from 'commander';
import { fromCheckout } from '../studio/checkout/index.ts';
import { positiveNumber, wholeNumber } from './arguments.ts';
import type { InSession } from './session.ts';
import { answer, note } from './terminal.ts';

interface Options {
  readonly threads: number;
  readonly seconds: number;
  readonly liveMinutes?: number;
  readonly profile: boolean;
}

export function addBench(program: Command, inSession: InSession): void {
  program
    .command('bench')
    .description(
      'Times an avatar on this computer: ' +
        'each graph, the live line, the speech chain, an export, and the window in a browser.',
    )
    .argument('[project]', 'an id or a unique name (default: the newest with an avatar)')
    .option('--threads <number>', 'threads for the graphs', wholeNumber, 2)
    .option('--seconds <number>', 'how long each figure is taken', positiveNumber, 5)
    .option(
      '--live-minutes <number>',
      'how much live sound is heard, for its memory (default: as much as fits)',
      positiveNumber,
    )
    .option('--profile', 'also says where each millisecond of a live and of an exported frame goes', false)
    .action((project: string | undefined, options: Options) =>
      inSession(async ({ studio, terminal, signal }) => {
        const load = () => import('../../bench/index.ts');
        const { bench, benchLines, BenchResult } = await fromCheckout('Measuring', load);
        const result = await bench(studio, { project, ...options }, { signal, note: (line) => note(terminal, line) });
        answer(terminal, BenchResult, result, benchLines(result));
      }),
    );
}
