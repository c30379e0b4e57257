import { z } from 'zod';
import { RenderResult } from '../../../shared/contract/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Writes frames of the source as PNG files, as the avatar shows them. */
export const render = defineKind({
  request: z.object({
    outDir: z.string(),
    split: z.enum(['train', 'test']),
    drive: z.enum(['track', 'speech']),
    size: z.enum(['source', 'crop']),
  }),
  result: RenderResult,
  lane: 'trainer',
  needs: ['consent', 'source', 'trainer', 'analysis', 'avatar'],
  work: (assignment) => {
    const project = projectOf(assignment);
    const { library } = assignment.place;
    return train(assignment, {
      command: 'render',
      ...film(library, project),
      analysisDir: library.paths.analysis(project.id),
      avatarPath: library.paths.avatar(project.id),
      ...assignment.request,
    });
  },
});
