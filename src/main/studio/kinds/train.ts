import { z } from 'zod';
import { TrainResult } from '../../../shared/contract/index.ts';
import { presetOf } from '../library/index.ts';
import { requireHubert } from '../models/index.ts';
import { dropCheckpoint } from '../training/checkpoint-avatar.ts';
import { defineKind, fitting, projectOf } from './kind.ts';
import { film, train as order } from './trainer-work.ts';

/** Trains an avatar; goes on with its run when it was stopped, or when more was asked of it. */
export const train = defineKind({
  request: z.object({}), // everything is in its run
  result: TrainResult,
  lane: 'trainer',
  needs: ['consent', 'source', 'trainer', 'analysis'],
  work: async (assignment) => {
    const { job, resumed, place } = assignment;
    const project = projectOf(assignment);
    const { library } = place;
    const run = library.runs.get(job.runId!)!;
    const { id, basis, recordedAt } = library.consents.get(project.consentId);
    const further = [...(run.request.further ?? [])];
    const { speech, ...asked } = run.request;
    const hubert =
      speech === 'hubert' ? await requireHubert(place.installation.resources, library.paths.root) : undefined;
    const summary = await order(assignment, {
      command: 'train',
      ...film(library, project),
      analysisDir: library.paths.analysis(project.id),
      runDir: library.paths.run(project.id, run.number),
      avatarPath: library.paths.avatar(project.id),
      ...asked,
      hubert,
      preset: presetOf(run),
      further,
      resume: resumed || further.length > 0,
      name: project.name,
      consent: { id, basis, recordedAt },
    });
    const result = fitting(TrainResult, { ...summary, runId: run.id });
    library.runs.finish(run.id);
    await dropCheckpoint(library, project); // its avatar is there now
    return result;
  },
});
