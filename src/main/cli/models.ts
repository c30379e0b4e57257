import type { Command } from 'commander';
import { z } from 'zod';
import type { ModelStatus } from '../studio/models/index.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

const Model = z.object({
  name: z.string(),
  purpose: z.string(),
  licence: z.string(),
  origin: z.enum(['shipped', 'user']),
  sha256: z.string().optional(), // none where the file is made at this computer
  path: z.string(),
  state: z.enum(['present', 'absent', 'damaged']),
});
const ModelsResult = z.object({ models: z.array(Model) });
const ModelResult = z.object({ model: Model });

export function addModels(program: Command, inSession: InSession): void {
  const models = program
    .command('models')
    .description('Trained weights the program knows: its own, and those you may add.');

  models
    .command('list')
    .description('Every model, and whether it is here.')
    .action(() =>
      inSession(async ({ studio, terminal }) => {
        const all = await studio.system.models();
        answer(terminal, ModelsResult, { models: all }, all.map(line));
      }),
    );

  models
    .command('add')
    .description(
      'Takes a file in as the model whose SHA-256 it has, or converts a face model. HuBERT is made ready to play.',
    )
    .argument('<file>', 'a face model may be a folder or a ZIP archive too')
    .action((file: string) =>
      inSession(async (session) => {
        const model = await session.studio.system.addModel(file, (job) => followJob(session, job));
        answer(session.terminal, ModelResult, { model }, [line(model)]);
      }),
    );
}

function line({ name, purpose, licence, origin, state }: ModelStatus): string {
  return `${name}  ${state}, ${origin === 'shipped' ? 'comes with Likeness' : 'yours to add'}: ${purpose} (${licence})`;
}
