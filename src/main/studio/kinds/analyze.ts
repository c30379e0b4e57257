import { z } from 'zod';
import { AnalysisReport, FaceBasis, StudioError } from '../../../shared/contract/index.ts';
import { listModels } from '../models/index.ts';
import { defineKind, projectOf, type Workplace } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Looks at a source, and says whether an avatar can be made of it. */
export const analyze = defineKind({
  request: z.object({
    person: z.int().min(0).optional(), // whom of several people
    faceBasis: FaceBasis.optional(), // instead of the settings'
  }),
  result: AnalysisReport,
  lane: 'trainer',
  needs: ['source', 'trainer'],
  work: async (assignment) => {
    const project = projectOf(assignment);
    const { place, request } = assignment;
    return train(assignment, {
      command: 'analyze',
      ...film(place.library, project),
      analysisDir: place.library.paths.analysis(project.id),
      person: request.person,
      faceBasis: await basisFile(place, request.faceBasis ?? place.library.settings.get().faceBasis),
    });
  },
});

/** What to know of people's faces. Raises StudioError('not-found') for a face model that is not here. */
export async function basisFile({ library, installation }: Workplace, chosen: FaceBasis): Promise<string | undefined> {
  if (chosen === 'generic') return undefined;
  const model = (await listModels(installation.resources, library.paths.root)).find(({ name }) => name === chosen);
  if (model?.state === 'present') return model.path;
  throw new StudioError({
    code: 'not-found',
    message: `The face model ${chosen} is ${model?.state === 'damaged' ? 'damaged' : 'not here'}.`,
    hint: 'Add it under Settings, Models (or with "likeness models add"), or analyse with the generic face.',
  });
}
