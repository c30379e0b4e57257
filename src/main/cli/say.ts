import type { Command } from 'commander';
import { SayResult } from '../../shared/contract/voices.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';
import type { WrittenVoice } from '../../shared/domain/written/index.ts';
import { addVoiceOptions, scriptOf } from './voice-options.ts';

interface Options extends WrittenVoice {
  readonly text: string;
  readonly out: string;
  readonly times?: string;
}

/** A script as a sound. */
export function addSay(program: Command, inSession: InSession): void {
  const command = program
    .command('say')
    .description('Speaks a text with a voice, as a WAV file. Sentences that were spoken before are not spoken again.')
    .requiredOption('--text <file>', 'a .txt, .srt or .vtt file')
    .requiredOption('--out <file>', 'a .wav file')
    .option('--times <file>', 'when each word and phoneme is said, as JSON');
  addVoiceOptions(command).action(({ text, out, times, ...how }: Options) =>
    inSession(async (session) => {
      const { studio, terminal } = session;
      const script = await scriptOf(studio, text, how);
      const job = await studio.voices.say({ script, outPath: out, timesPath: times });
      const said = await followJob(session, job);
      answer(terminal, SayResult, said, [
        `${said.seconds.toFixed(2)} s, ${said.words} words: ${said.path}`,
        `${said.anew} of ${said.sentences} sentences were spoken anew.`,
        ...(said.times === null ? [] : [`When the words are said: ${said.times}`]),
      ]);
    }),
  );
}
