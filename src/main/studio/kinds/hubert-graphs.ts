import { z } from 'zod';
import { HubertGraphsResult } from '../../../shared/contract/index.ts';
import { hubertOf } from '../models/index.ts';
import { defineKind } from './kind.ts';
import { train } from './trainer-work.ts';

/** Makes of the user's HuBERT what the avatar engine hears with, beside whatever else the trainer is at. */
export const hubertGraphs = defineKind({
  request: z.object({}),
  result: HubertGraphsResult,
  lane: 'hubert-graphs',
  needs: ['trainer'],
  work: async (assignment) => {
    const { installation, library } = assignment.place;
    const { weights, graphs } = hubertOf(installation.resources, library.paths.root);
    return train(assignment, { command: 'hubert-graphs', threads: 1, weights, outDir: graphs });
  },
});
