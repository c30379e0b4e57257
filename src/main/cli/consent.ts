import { type Command, Option } from 'commander';
import { ConsentView, SamePersonResult } from '../../shared/contract/studio.ts';
import { CONSENT_MEANINGS } from '../../shared/domain/consent.ts';
import { comparisonInWords } from '../../shared/domain/same-person.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const WORDS = { attached: 'A file was attached', withdrawn: 'Withdrawn', given: 'Given again' } as const;

/** What a project rests on: shown, proved, withdrawn and given again. */
export function addConsent(program: Command, inSession: InSession): void {
  const consent = program
    .command('consent')
    .description('The consent that a project rests on. Projects duplicated from one another share it.');
  const note = () => new Option('--note <text>', 'what to keep with it, such as who said so and when').default('');

  consent
    .command('show')
    .description('Who stated it, when, on which basis, what that means, and what became of it.')
    .argument('<project>', 'an id or a unique name')
    .action((project: string) =>
      inSession(async ({ studio, terminal }) => {
        const view = studio.consents.show(project);
        answer(terminal, ConsentView, view, linesOf(view));
      }),
    );

  consent
    .command('attach')
    .description('Keeps a copy of a file that shows it: a letter, a picture, a recording.')
    .argument('<project>', 'an id or a unique name')
    .argument('<file>', 'any file of at most 512 MB')
    .action((project: string, file: string) =>
      inSession(async ({ studio, terminal }) => {
        const view = await studio.consents.attach(project, file);
        answer(terminal, ConsentView, view, linesOf(view));
      }),
    );

  consent
    .command('withdraw')
    .description("Its avatar can't be played or exported until it is given again. Nothing is deleted.")
    .argument('<project>', 'an id or a unique name')
    .addOption(note())
    .action((project: string, { note: text }: { note: string }) =>
      inSession(async ({ studio, terminal }) => {
        const view = studio.consents.withdraw(project, text);
        answer(terminal, ConsentView, view, linesOf(view));
      }),
    );

  consent
    .command('give')
    .description('Gives one again that was withdrawn.')
    .argument('<project>', 'an id or a unique name')
    .addOption(note())
    .action((project: string, { note: text }: { note: string }) =>
      inSession(async ({ studio, terminal }) => {
        const view = studio.consents.give(project, text);
        answer(terminal, ConsentView, view, linesOf(view));
      }),
    );

  consent
    .command('compare')
    .description('Compares the face in the attached recording, or in another video, with the avatar’s.')
    .argument('<project>', 'an id or a unique name')
    .option('--video <file>', 'another video than the attached one')
    .action((project: string, { video }: { readonly video?: string }) =>
      inSession(async (session) => {
        const result = await followJob(session, session.studio.consents.compare(project, video));
        answer(session.terminal, SamePersonResult, result, [comparisonInWords(result)]);
      }),
    );
}

function linesOf(view: ConsentView): string[] {
  const { basis, note, recordedBy, recordedAt, withdrawnAt, attachment, changes, compared, projects } = view;
  return [
    withdrawnAt === null ? 'The consent holds.' : `The consent was withdrawn on ${withdrawnAt}.`,
    `Basis: ${basis}. ${CONSENT_MEANINGS[basis]}`,
    `Recorded ${recordedAt} ${recordedBy === '' ? 'where the avatar was made' : `by ${recordedBy}`}.`,
    ...(note === '' ? [] : [`Note: ${note}`]),
    ...(compared ? [comparisonInWords(compared)] : []),
    ...(attachment ? [`Attached: ${attachment.name ?? 'a file that is not here'}, SHA-256 ${attachment.sha256}`] : []),
    ...changes.map(({ kind, at, recordedBy: by, note: said }) =>
      [`${WORDS[kind]}: ${at}`, by && `by ${by}`, said && `(${said})`].filter(Boolean).join(' '),
    ),
    ...(projects.length > 1 ? [`Projects that rest on it: ${projects.join(', ')}`] : []),
  ];
}
