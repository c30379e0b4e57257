import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../shared/contract/index.ts';
import { VoiceView } from '../../shared/contract/voices.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const VoicesResult = z.object({ voices: z.array(VoiceView) });
const VoiceResult = z.object({ voice: VoiceView });

export function addVoices(program: Command, inSession: InSession): void {
  const voices = program.command('voices').description('Voices that speak scripts.');

  voices
    .command('list')
    .description('Every voice, and whether it is here.')
    .action(() =>
      inSession(async ({ studio, terminal }) => {
        const all = await studio.voices.list();
        answer(terminal, VoicesResult, { voices: all }, all.map(line));
      }),
    );

  voices
    .command('fetch')
    .description('Downloads a voice from its Python package, once you agreed to its terms.')
    .argument('<voice>', 'its name')
    .option('--agree', 'you read its terms, and agree', false)
    .action((name: string, { agree }: { agree: boolean }) =>
      inSession(async (session) => {
        const { studio, terminal } = session;
        const asked = (await studio.voices.list()).find((voice) => voice.name === name);
        if (asked?.fetch && !agree)
          throw new StudioError({
            code: 'consent-required',
            message: `${asked.title}, ${(asked.fetch.bytes / 1e6).toFixed(0)} MB. ${asked.fetch.terms}`,
            hint: 'If you agree to that, add --agree.',
          });
        await followJob(session, await studio.voices.fetch(name));
        const voice = (await studio.voices.list()).find((one) => one.name === name)!;
        answer(terminal, VoiceResult, { voice }, [line(voice)]);
      }),
    );
}

function line({ name, title, language, state, licence, fetch }: VoiceView): string {
  const there = state === 'absent' && fetch ? 'absent: "voices fetch" downloads it' : state;
  return `${name}  ${title}${language === null ? '' : `, ${language}`}, ${there} (${licence})`;
}
