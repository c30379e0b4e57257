import { z } from 'zod';
import { defineKind } from './kind.ts';
import { train } from './trainer-work.ts';

/** Draws the synthetic sample person: a video with its truth beside it. */
export const demoSample = defineKind({
  request: z.object({
    outDir: z.string(),
    seconds: z.number().positive().optional(),
    seed: z.int().optional(),
    project: z.boolean().optional(), // and takes it in
  }),
  result: z.looseObject({ projectId: z.string().optional() }), // what the trainer says of the film
  lane: 'trainer',
  needs: ['trainer'],
  work: async (assignment) => {
    const { project, ...film } = assignment.request;
    const drawn = await train(assignment, { command: 'demo-sample', ...film });
    return project ? { ...drawn, ...(await assignment.place.takeSampleIn()) } : drawn;
  },
});
