import { z } from 'zod';
import { AnalysisReport } from '../../../shared/contract/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Looks at a source, and says whether an avatar can be made of it. */
export const analyze = defineKind({
  request: z.object({ person: z.int().min(0).optional() }), // whom of several people
  result: AnalysisReport,
  lane: 'trainer',
  needs: ['source', 'trainer'],
  work: (assignment) => {
    const project = projectOf(assignment);
    const { library } = assignment.place;
    return train(assignment, {
      command: 'analyze',
      ...film(library, project),
      analysisDir: library.paths.analysis(project.id),
      person: assignment.request.person,
    });
  },
});
