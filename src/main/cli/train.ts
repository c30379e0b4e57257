import { Option, type Command } from 'commander';
import { Device, Preset, SpeechEncoder, TrainAnswer } from '../../shared/contract/index.ts';
import { drawnBy } from '../../shared/domain/drawn-by.ts';
import { positiveNumber, wholeNumber } from './arguments.ts';
import { followJob } from './follow-job.ts';
import { duration } from './progress.ts';
import type { InSession } from './session.ts';
import { answer, note } from './terminal.ts';

interface Options {
  readonly preset: Preset;
  readonly minutes?: number;
  readonly device?: Device;
  readonly resume: boolean;
  readonly seed: number;
  readonly speech: SpeechEncoder;
}

export function addTrain(program: Command, inSession: InSession): void {
  program
    .command('train')
    .description(
      'Makes an avatar of an analysed video: at once of its own frames, then by training. ' +
        'Ctrl-C keeps what is there; --resume goes on.',
    )
    .argument('<project>', 'an id or a unique name')
    .addOption(
      new Option(
        '--preset <preset>',
        'instant: no training; draft: 10 minutes of two cores; standard: 30; full: for a GPU',
      )
        .choices(Preset.options)
        .default('standard'),
    )
    .option('--minutes <minutes>', "train this long instead of the preset's time", positiveNumber)
    .addOption(
      new Option('--device <device>', 'where to train (default: what the settings say, auto at first)').choices(
        Device.options,
      ),
    )
    .option('--resume', 'go on with the last training', false)
    .option('--seed <number>', 'the same seed gives the same start', wholeNumber, 0)
    .addOption(
      new Option(
        '--speech <encoder>',
        'what hears the sound: the encoder that comes along, or HuBERT too, whose weights you add with "models add"',
      )
        .choices(SpeechEncoder.options)
        .default('embedded'),
    )
    .action((project: string, options: Options) =>
      inSession(async (session) => {
        const { analysisOlder, name } = await session.studio.projects.get(project);
        if (analysisOlder)
          note(
            session.terminal,
            'The analysis of this video was made by an earlier tracker. ' +
              `To renew it, stop with Ctrl-C and run: likeness analyze '${name}'`,
          );
        const result = await followJob(session, session.studio.training.train(project, options));
        const { quality } = await session.studio.projects.get(project);
        const shown = quality && drawnBy(quality);
        answer(session.terminal, TrainAnswer, { ...result, analysisOlder }, [
          `Made in ${duration(result.seconds)}: ${result.avatar}`,
          ...(shown ? [shown] : []),
          ...Object.entries(result.metrics).map(([name, value]) => `  ${name} ${value.toFixed(3)}`),
        ]);
      }),
    );
}
