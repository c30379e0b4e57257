import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { EvaluateResult } from '../../../shared/contract/index.ts';
import { partialBeside } from '../ground/settle.ts';
import { defineKind, fitting, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Measures the avatar on frames that it was not trained on. */
export const evaluate = defineKind({
  // where the filmed mouth is to be shown beside the driven one
  request: z.object({ videoPath: z.string().optional() }),
  result: EvaluateResult,
  lane: 'trainer',
  needs: ['source', 'trainer', 'analysis', 'avatar'],
  work: async (assignment) => {
    const project = projectOf(assignment);
    const { library } = assignment.place;
    const { videoPath } = assignment.request;
    const measured = await library.unfinished.during(videoPath === undefined ? [] : [partialBeside(videoPath)], () =>
      train(assignment, {
        command: 'evaluate',
        ...film(library, project),
        analysisDir: library.paths.analysis(project.id),
        avatarPath: library.paths.avatar(project.id),
        videoPath,
      }),
    );
    const result = fitting(EvaluateResult, measured);
    const { video: _, ...figures } = result; // a file of somebody's, which may go
    await writeFile(library.paths.evaluation(project.id), JSON.stringify(figures));
    return result;
  },
});
