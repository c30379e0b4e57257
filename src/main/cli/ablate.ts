import type { Command } from 'commander';
import { AblateResult, type AblationPart, StudioError } from '../../shared/contract/index.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

export function addAblate(program: Command, inSession: InSession): void {
  program
    .command('ablate')
    .description('Measures what each part of speech to motion is worth for one person, and writes a report.')
    .argument('<subject>', 'only "speech" so far')
    .argument('<project>', 'an id or a unique name')
    .option('--hears <project>', "another analysed project, whose sound this one's chain is to hear too")
    .action(async (subject: string, project: string, options: { readonly hears?: string }) => {
      if (subject !== 'speech') {
        throw new StudioError({
          code: 'bad-request',
          message: `"${subject}" cannot be taken apart: only "speech" exists so far.`,
          hint: 'Use: likeness ablate speech PROJECT',
        });
      }
      await inSession(async (session) => {
        const result = await followJob(session, session.studio.training.ablate(project, subject, options));
        answer(session.terminal, AblateResult, result, [
          ...lines(result.parts),
          '',
          ...trialLines(result),
          '',
          result.html,
        ]);
      });
    });
}

type Cell = (part: AblationPart) => string;
const two = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
const COLUMNS: readonly [heading: string, cell: Cell][] = [
  ['opening r', ({ opening }) => `${two(opening.mean)} ± ${two(opening.sd)}`],
  ['width r', ({ width }) => two(width.mean)],
  ['mouth r', ({ mouthPca }) => two(mouthPca.mean)],
  ['closures', ({ closure }) => `${two(closure.precision)} / ${two(closure.recall)}`],
  ['spread', ({ spread }) => two(spread.mean)],
  [
    'chain ahead',
    ({ group, chainAhead: { opening } }) =>
      group === 'whole' ? '' : `${opening.mean < 0 ? '' : '+'}${two(opening.mean)} ± ${two(opening.sd)}`,
  ],
];

function lines(parts: readonly AblationPart[]): string[] {
  const row = (label: string, cells: readonly string[]) =>
    label.padEnd(38) + cells.map((cell) => cell.padStart(14)).join('');
  return [
    row(
      '',
      COLUMNS.map(([heading]) => heading),
    ),
    ...parts.map((part) =>
      row(
        part.label,
        COLUMNS.map(([, cell]) => cell(part)),
      ),
    ),
  ];
}

function trialLines({ trials, hears }: AblateResult): string[] {
  const opened = ({ low, middle, high }: AblateResult['trials']['own']) =>
    `${two(low)} / ${two(middle)} / ${two(high)}`;
  const row = (label: string, cells: readonly string[]) =>
    label.padEnd(38) + cells.map((cell) => cell.padStart(20)).join('');
  const { first, fifth, last } = trials.minutes;
  const openings = [first, fifth, last].map((cm) => cm.toFixed(3));
  return [
    row('', ['opening, cm', 'further open', 'shut in silence']),
    row('the tracked mouth', [opened(trials.own)]),
    ...trials.sounds.map(({ label, opening, above, shutInSilence }) =>
      row(label, [opened(opening), two(above), shutInSilence === null ? '' : two(shutInSilence)]),
    ),
    `mean opening in the first, fifth and last of ten minutes: ${openings.join(', ')} cm`,
    ...trials.voices.map(
      ({ label, bilabials, openVowels }) =>
        `${label}: p, b, m that shut the mouth ${bilabials.shut} of ${bilabials.count}; ` +
        `open vowels that do ${openVowels.shut} of ${openVowels.count}`,
    ),
    ...(trials.synthesiser ? [] : ['New synthesised sentences are missing: flite is not installed.']),
    ...(hears
      ? [
          `hears ${hears.name}: opening r ${two(hears.opening.mean)} ± ${two(hears.opening.sd)}, ` +
            `width r ${two(hears.width.mean)}, ` +
            `closures ${two(hears.closure.precision)} / ${two(hears.closure.recall)}`,
        ]
      : []),
  ];
}
