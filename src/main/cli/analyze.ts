import { type Command, Option } from 'commander';
import { AnalysisReport, FaceBasis } from '../../shared/contract/index.ts';
import { wholeNumber } from './arguments.ts';
import { followJob } from './follow-job.ts';
import { duration } from './progress.ts';
import type { InSession } from './session.ts';
import { choiceLines } from './streams.ts';
import { answer, note } from './terminal.ts';

export function addAnalyze(program: Command, inSession: InSession): void {
  program
    .command('analyze')
    .description('Finds and fits the face in every frame, and says whether the video will do.')
    .argument('<project>', 'an id or a unique name')
    .option('--person <number>', 'which of several people, as an earlier analysis numbered them', wholeNumber)
    .addOption(
      new Option('--face-basis <model>', "what to know of people's faces; else what the settings say").choices(
        FaceBasis.options,
      ),
    )
    .action((project: string, request: { person?: number; faceBasis?: FaceBasis }) =>
      inSession(async (session) => {
        const { analysisOlder, source } = await session.studio.projects.get(project);
        if (analysisOlder)
          note(session.terminal, 'The analysis that is there was made by an earlier tracker; it is made anew.');
        const report = await followJob(session, session.studio.training.analyze(project, request));
        answer(session.terminal, AnalysisReport, report, [...lines(report), ...choiceLines(source)]);
      }),
    );
}

const MARKS = { ok: 'ok     ', warning: 'warning', problem: 'problem' } as const;

function lines({ frames, states, people, checks, seconds, faceBasis }: AnalysisReport): string[] {
  const others = Object.entries(states).filter(([state, count]) => state !== 'good' && count > 0);
  const rest = others.map(([state, count]) => `${count} ${state}`).join(', ');
  const seen = people.map((person) => `${person.id} in ${person.frames} frames`).join(', ');
  return [
    `${states.good} of ${frames} frames are good${rest && ` (${rest})`}; ${duration(seconds)}.`,
    ...(faceBasis === 'generic' ? [] : [`Fitted with the face model ${faceBasis}.`]),
    ...(people.length > 1 ? [`${people.length} people: ${seen}. Choose with --person.`] : []),
    ...checks.flatMap(({ level, message, hint }) => [
      `${MARKS[level]} ${message}`,
      ...(level !== 'ok' && hint ? [`        ${hint}`] : []),
    ]),
  ];
}
