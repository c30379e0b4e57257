import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import { SamePersonResult } from '../../../shared/contract/studio.ts';
import { listModels, recognitionOf } from '../models/index.ts';
import { defineKind, fitting, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Compares the face in another video with the one that an avatar is made of. */
export const samePerson = defineKind({
  request: z.object({ path: z.string() }), // of the other video
  result: SamePersonResult,
  lane: 'trainer',
  needs: ['source', 'trainer', 'analysis'],
  work: async (assignment) => {
    const project = projectOf(assignment);
    const { library, installation } = assignment.place;
    const recognition = recognitionOf(await listModels(installation.resources, library.paths.root));
    if (!recognition)
      throw new StudioError({
        code: 'not-found',
        message: 'The network that compares faces is not here.',
        hint: '"likeness models list" says where its two files are found; "likeness models add" takes them in.',
      });
    return fitting(
      SamePersonResult,
      await train(assignment, {
        command: 'same-person',
        ...film(library, project),
        analysisDir: library.paths.analysis(project.id),
        other: assignment.request.path,
        recognition,
      }),
    );
  },
});
