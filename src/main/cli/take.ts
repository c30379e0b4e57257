import type { Command } from 'commander';
import { z } from 'zod';
import { TakeView } from '../../shared/contract/studio.ts';
import { ownName, TAKE as NAMED } from './arguments.ts';
import type { InSession } from './session.ts';
import { addTakeDocument } from './take-document.ts';
import { answer } from './terminal.ts';

const Removed = z.object({ id: z.string(), name: z.string() });
const TakesResult = z.object({ takes: z.array(TakeView), removed: z.array(Removed) });
const TakeResult = z.object({ take: TakeView });
const RemovedResult = z.object({ removed: Removed });

const PROJECT = ['<project>', 'an id or a unique name'] as const;
const TAKE = ['<take>', NAMED] as const;

/** Which takes a project has, and what is on them. */
export function addTake(program: Command, inSession: InSession): void {
  const take = program
    .command('take')
    .description('The takes of a project: what its timelines hold, each with a name.');

  take
    .command('list')
    .description('Every take, which of them is open, and those that were removed.')
    .argument(...PROJECT)
    .action((project: string) =>
      inSession(async ({ studio, terminal }) => {
        const [takes, removed] = [studio.takes.list(project), studio.takes.removed(project)];
        answer(terminal, TakesResult, { takes, removed }, [
          ...takes.map(({ id, name, open }) => `${id}  ${name}${open ? '  (open)' : ''}`),
          ...removed.map(({ id, name }) => `${id}  ${name}  (removed: take bring-back)`),
        ]);
      }),
    );

  take
    .command('new')
    .description("Another take, with the video's own sound and nothing else on it; it is the open one then.")
    .argument(...PROJECT)
    .option('--name <name>', 'what it is called (default: "Take" and the next number)', ownName)
    .action((project: string, { name }: { name?: string }) =>
      one(inSession, 'Made', ({ takes }) => takes.create(project, name)),
    );

  take
    .command('duplicate')
    .description('Another take with the same on it; it is the open one then.')
    .argument(...PROJECT)
    .argument('[take]', `${TAKE[1]} (default: the open one)`)
    .option('--name <name>', 'what it is called (default: the same and the next number)', ownName)
    .action((project: string, of: string | undefined, { name }: { name?: string }) =>
      one(inSession, 'Made', ({ takes }) => takes.duplicate(project, of, name)),
    );

  take
    .command('rename')
    .description('Gives a take another name.')
    .argument(...PROJECT)
    .argument(...TAKE)
    .argument('<name>', 'the new one', ownName)
    .action((project: string, of: string, name: string) =>
      one(inSession, 'Renamed', ({ takes }) => takes.rename(project, of, name)),
    );

  take
    .command('open')
    .description('Makes a take the open one: a new window shows it, and what names no take means it.')
    .argument(...PROJECT)
    .argument(...TAKE)
    .action((project: string, of: string) => one(inSession, 'Open', ({ takes }) => takes.open(project, of)));

  take
    .command('remove')
    .description('Removes a take; it can be brought back. A project keeps one at least.')
    .argument(...PROJECT)
    .argument(...TAKE)
    .action((project: string, of: string) =>
      inSession(async ({ studio, terminal }) => {
        const removed = studio.takes.remove(project, of);
        answer(terminal, RemovedResult, { removed }, [
          `Removed: ${removed.name}. "take bring-back" with ${removed.id} brings it back.`,
        ]);
      }),
    );

  take
    .command('bring-back')
    .description('Brings back a take that was removed.')
    .argument(...PROJECT)
    .argument('<id>', 'as "take list" shows it')
    .action((project: string, id: string) => one(inSession, 'Back', ({ takes }) => takes.bringBack(project, id)));

  addTakeDocument(take, inSession);
}

/** A command whose answer is one take. */
function one(
  inSession: InSession,
  done: string,
  work: (studio: Parameters<Parameters<InSession>[0]>[0]['studio']) => TakeView,
): Promise<void> {
  return inSession(async ({ studio, terminal }) => {
    const take = work(studio);
    answer(terminal, TakeResult, { take }, [`${done}: ${take.name}  ${take.id}`]);
  });
}
