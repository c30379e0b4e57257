import type { Command } from 'commander';
import { z } from 'zod';
import { inManner, Manner, mannerOfTake } from '../../shared/domain/manner.ts';
import { ownName, TAKE_OR_OPEN } from './arguments.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const Named = z.object({ name: z.string(), manner: Manner });
const MannersResult = z.object({ manners: z.array(Named) });
const MannerResult = z.object({ name: z.string(), take: z.string() });

/** How takes are performed, saved under names. */
export function addManner(program: Command, inSession: InSession): void {
  const manner = program
    .command('manner')
    .description('How a take is performed (head, mouth strength, variation, style), saved to be applied to others.');
  const of = ['--take <take>', TAKE_OR_OPEN] as const;

  manner
    .command('list')
    .description('Every manner of a project.')
    .argument('<project>', 'an id or a unique name')
    .action((project: string) =>
      inSession(async ({ studio, terminal }) => {
        const manners = studio.takes.manners(project);
        const lines = manners.map(({ name, manner: { pose, speech } }) => {
          const style = speech.style ? `${speech.style.entry}:${speech.style.amount}` : 'none';
          const mouth = `strength ${speech.strength}, variation ${speech.temperature}, style ${style}`;
          return `${name}  head ${pose.kind}, ${mouth}`;
        });
        answer(terminal, MannersResult, { manners }, lines.length > 0 ? lines : ['No manner has been saved yet.']);
      }),
    );

  manner
    .command('save')
    .description("Saves a take's manner under a name, in place of one of that name.")
    .argument('<project>', 'an id or a unique name')
    .argument('<name>', 'what it is called from now on', ownName)
    .option(...of)
    .action((project: string, name: string, { take }: { take?: string }) =>
      inSession(async ({ studio, terminal }) => {
        const from = studio.timeline.take(project, take);
        studio.takes.saveManner(project, name, mannerOfTake(from.take));
        answer(terminal, MannerResult, { name, take: from.name }, [`Saved: ${name}, as in ${from.name}.`]);
      }),
    );

  manner
    .command('apply')
    .description('Lets a take be performed in a manner that was saved.')
    .argument('<project>', 'an id or a unique name')
    .argument('<name>')
    .option(...of)
    .action((project: string, name: string, { take }: { take?: string }) =>
      inSession(async ({ studio, terminal }) => {
        const wanted = studio.takes.manner(project, name);
        const to = studio.timeline.take(project, take);
        studio.timeline.saveTake(project, inManner(to.take, wanted), to.revision, to.id);
        answer(terminal, MannerResult, { name, take: to.name }, [`${to.name} is performed so: ${name}.`]);
      }),
    );

  manner
    .command('remove')
    .description('Forgets a manner; takes that it was applied to stay as they are.')
    .argument('<project>', 'an id or a unique name')
    .argument('<name>')
    .action((project: string, name: string) =>
      inSession(async ({ studio, terminal }) => {
        studio.takes.removeManner(project, name);
        answer(terminal, z.object({ name: z.string() }), { name }, [`Removed: ${name}.`]);
      }),
    );
}
