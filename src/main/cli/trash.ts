import type { Command } from 'commander';
import { z } from 'zod';
import { StudioError } from '../../shared/contract/index.ts';
import { TrashedProject } from '../../shared/contract/studio.ts';
import type { Studio } from '../studio/studio.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const Trashed = z.object({ projects: z.array(TrashedProject) });
const BroughtBack = z.object({ project: TrashedProject.pick({ id: true, name: true }) });

export function addTrash(program: Command, inSession: InSession): void {
  const trash = program.command('trash').description('Removed projects, which lie in the trash of the library.');

  trash
    .command('list')
    .description('What lies in it, the last one that was removed first.')
    .action(() =>
      inSession(async ({ studio, terminal }) => {
        const projects = studio.projects.trashed();
        answer(terminal, Trashed, { projects }, projects.length > 0 ? projects.map(line) : ['The trash is empty.']);
      }),
    );

  trash
    .command('restore')
    .description('Brings a project back, with its video, its avatar and its exports.')
    .argument('<project>', 'its name or id')
    .action((idOrName: string) =>
      inSession(async ({ studio, terminal }) => {
        const { id, name } = removed(studio, idOrName);
        await studio.projects.bringBack(id);
        answer(terminal, BroughtBack, { project: { id, name } }, [`"${name}" is back.`, `Project ${id}`]);
      }),
    );

  trash
    .command('empty')
    .description('Deletes what lies in it for good.')
    .argument('[project]', 'only this one: its name or id')
    .option('--yes', 'delete; without it nothing is deleted', false)
    .action((idOrName: string | undefined, { yes }: { yes: boolean }) =>
      inSession(async ({ studio, terminal }) => {
        const projects = idOrName === undefined ? studio.projects.trashed() : [removed(studio, idOrName)];
        if (!yes && projects.length > 0)
          throw new StudioError({
            code: 'bad-request',
            message: `This would delete for good: ${projects.map(({ name }) => `"${name}"`).join(', ')}.`,
            hint: 'Nothing was deleted. Add --yes to do it; there is no way back.',
          });
        await studio.projects.emptyTrash(idOrName === undefined ? undefined : projects[0]!.id);
        answer(terminal, Trashed, { projects }, [`Deleted for good: ${projects.length}.`]);
      }),
    );
}

/** By id, or by a name that only one in the trash has. */
function removed(studio: Studio, idOrName: string): TrashedProject {
  const all = studio.projects.trashed();
  const found = all.filter(({ id, name }) => id === idOrName || name === idOrName);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new StudioError({
      code: 'ambiguous',
      message: `${found.length} removed projects are named "${idOrName}".`,
      hint: `Use an id: ${found.map(({ id }) => id).join(', ')}.`,
    });
  throw new StudioError({
    code: 'not-found',
    message: `There is no removed project "${idOrName}".`,
    hint: 'See "likeness trash list".',
  });
}

const line = ({ id, name, deletedAt }: TrashedProject): string => `${id}  ${name}, removed ${deletedAt}`;
