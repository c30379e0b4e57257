import type { Command } from 'commander';
import {
  AblateResult,
  type AblationPart,
  AblationSubject,
  type RendererPart,
  type SpeechAblation,
  StudioError,
} from '../../shared/contract/index.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

export function addAblate(program: Command, inSession: InSession): void {
  program
    .command('ablate')
    .description('Measures what each part of speech to motion, or of the renderer, is worth for one person.')
    .argument('<subject>', 'speech or renderer')
    .argument('<project>', 'an id or a unique name')
    .option('--hears <project>', "another analysed project, whose sound this one's chain of speech is to hear too")
    .action(async (named: string, project: string, options: { readonly hears?: string }) => {
      const subject = subjectOf(named);
      if (subject !== 'speech' && options.hears !== undefined)
        throw new StudioError({
          code: 'bad-request',
          message: 'Only speech can be taken apart with another sound.',
          hint: 'Leave out --hears.',
        });
      await inSession(async (session) => {
        const result = await followJob(session, session.studio.training.ablate(project, subject, options));
        answer(session.terminal, AblateResult, result, [...said(result), '', result.html]);
      });
    });
}

function subjectOf(named: string): AblationSubject {
  const subject = AblationSubject.safeParse(named);
  if (subject.success) return subject.data;
  throw new StudioError({
    code: 'bad-request',
    message: `"${named}" cannot be taken apart: only ${AblationSubject.options.join(' and ')} can.`,
    hint: 'Use: likeness ablate speech PROJECT',
  });
}

function said(result: AblateResult): string[] {
  return result.subject === 'speech'
    ? [...lines(result.parts), '', ...trialLines(result)]
    : rendererLines(result.parts);
}

/** A line for each part: PSNR of head, face and mouth, and by how much the whole is ahead of it. */
export function rendererLines(parts: readonly RendererPart[]): string[] {
  const row = (label: string, cells: readonly string[]) =>
    label.padEnd(38) + cells.map((cell) => cell.padStart(16)).join('');
  const boxes = ['head', 'face', 'mouth'] as const;
  return [
    row('', [...boxes.map((box) => `${box}, dB`), ...boxes.map((box) => `ahead: ${box}`), 'sharpness']),
    ...parts.map(({ label, group, psnr, wholeAhead, sharpness }) =>
      row(label, [
        ...boxes.map((box) => two(psnr[box].mean)),
        ...boxes.map((box) => (group === 'whole' ? '' : ahead(wholeAhead[box]))),
        two(sharpness.mean),
      ]),
    ),
  ];
}

type Cell = (part: AblationPart) => string;
const two = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
const ahead = ({ mean, sd }: { readonly mean: number; readonly sd: number }): string =>
  `${mean < 0 ? '' : '+'}${two(mean)} ± ${two(sd)}`;
const COLUMNS: readonly [heading: string, cell: Cell][] = [
  ['opening r', ({ opening }) => `${two(opening.mean)} ± ${two(opening.sd)}`],
  ['width r', ({ width }) => two(width.mean)],
  ['mouth r', ({ mouthPca }) => two(mouthPca.mean)],
  ['closures', ({ closure }) => `${two(closure.precision)} / ${two(closure.recall)}`],
  ['spread', ({ spread }) => two(spread.mean)],
  ['chain ahead', ({ group, chainAhead: { opening } }) => (group === 'whole' ? '' : ahead(opening))],
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

function trialLines({ trials, hears }: SpeechAblation): string[] {
  const opened = ({ low, middle, high }: SpeechAblation['trials']['own']) =>
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
