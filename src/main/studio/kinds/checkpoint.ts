import { z } from 'zod';
import { CheckpointResult, StudioError } from '../../../shared/contract/index.ts';
import { presetOf } from '../library/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Makes an avatar of a training's newest checkpoint, beside the training, which does not notice. */
export const checkpoint = defineKind({
  request: z.object({ run: z.int().positive() }), // its number
  result: CheckpointResult,
  lane: 'checkpoint',
  needs: ['consent', 'source', 'trainer', 'analysis'],
  work: (assignment) => {
    const project = projectOf(assignment);
    const { library } = assignment.place;
    const run = library.runs.list(project.id).find(({ number }) => number === assignment.request.run);
    if (!run)
      throw new StudioError({
        code: 'not-found',
        message: 'This training is no longer there.',
        hint: 'Look at the newest one.',
      });
    const { id, basis, recordedAt } = library.consents.get(project.consentId);
    return train(assignment, {
      command: 'checkpoint',
      threads: 1,
      ...film(library, project),
      analysisDir: library.paths.analysis(project.id),
      runDir: library.paths.run(project.id, run.number),
      avatarPath: library.paths.checkpointAvatar(project.id, run.number),
      preset: presetOf(run),
      name: project.name,
      consent: { id, basis, recordedAt },
    });
  },
});
