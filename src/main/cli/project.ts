import type { Command } from 'commander';
import { z } from 'zod';
import { ownName } from './arguments.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const DuplicateResult = z.object({ projectId: z.string(), name: z.string() });

export function addProject(program: Command, inSession: InSession): void {
  program
    .command('project')
    .description('Projects as wholes.')
    .command('duplicate')
    .description('Another project with all that one has, but for its films: video, analysis, avatar, takes.')
    .argument('<project>', 'an id or a unique name')
    .option('--name <name>', 'what it is called (default: the same and the next number)', ownName)
    .action((project: string, { name }: { name?: string }) =>
      inSession(async ({ studio, terminal }) => {
        const copy = await studio.projects.duplicate(project, name);
        answer(terminal, DuplicateResult, copy, [`Made: ${copy.name}  ${copy.projectId}`]);
      }),
    );
}
