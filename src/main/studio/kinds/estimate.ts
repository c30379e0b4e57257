import { z } from 'zod';
import { threadsFor } from '../system/environment.ts';
import { VERSION } from '../ground/product.ts';
import { conditionsNow, EstimateResult, keepTimes } from '../training/training-times.ts';
import { defineKind, fitting, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Times some steps of each stage of a training on a project's face, with the settings as they are. */
export const estimate = defineKind({
  request: z.object({}),
  result: EstimateResult,
  lane: 'trainer',
  needs: ['source', 'trainer', 'analysis'],
  work: async (assignment) => {
    const project = projectOf(assignment);
    const { library } = assignment.place;
    const { device, threads } = library.settings.get();
    const times = fitting(
      EstimateResult,
      await train(assignment, {
        command: 'estimate',
        ...film(library, project),
        analysisDir: library.paths.analysis(project.id),
        device,
      }),
    );
    const now = conditionsNow(device, threadsFor(threads), VERSION);
    await keepTimes(library.paths.root, now, times);
    return times;
  },
});
