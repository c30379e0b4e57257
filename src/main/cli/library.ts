import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { defaultLibraryDir } from '../studio/library-dir.ts';
import { answer, type Terminal } from './terminal.ts';

const Copies = z.object({
  copies: z.array(z.object({ name: z.string(), madeAt: z.string(), projects: z.int().nullable() })),
});
const Restored = z.object({
  copy: z.string().nullable(),
  projects: z.int(),
  foundAgain: z.int(),
  setAside: z.string().nullable(),
});

/** The commands for a library that may not open. */
export function addLibrary(program: Command, terminal: Terminal): void {
  const library = program
    .command('library')
    .description("The library's own database: its copies, and what to do when it is damaged.");
  const dir = (): string => resolve(program.opts<{ library?: string }>().library ?? defaultLibraryDir());

  library
    .command('copies')
    .description('The copies that Likeness keeps of it, newest first.')
    .action(async () => {
      const { libraryCopies } = await import('../studio/studio.ts');
      const copies = libraryCopies(dir());
      const lines = copies.map(
        ({ name, projects }) => `${name}  ${projects === null ? 'damaged' : `projects: ${projects}`}`,
      );
      answer(terminal, Copies, { copies }, lines.length > 0 ? lines : ['There are no copies yet.']);
    });

  library
    .command('restore')
    .description('Makes a damaged library usable: from its newest good copy and from the folders of its projects.')
    .option('--copy <name>', 'go back to this copy, even if the library is in order')
    .action(async ({ copy }: { copy?: string }) => {
      const { restoreLibrary } = await import('../studio/studio.ts');
      const restored = restoreLibrary(dir(), copy);
      answer(terminal, Restored, restored, [
        restored.copy ? `Restored from ${restored.copy}.` : 'There was no copy; made anew.',
        `Projects: ${restored.projects}, found again by their folders: ${restored.foundAgain}.`,
        ...(restored.setAside ? [`What was there before: ${restored.setAside}`] : []),
      ]);
    });
}
