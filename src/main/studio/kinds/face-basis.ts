import { z } from 'zod';
import { FaceBasisResult } from '../../../shared/contract/index.ts';
import { defineKind } from './kind.ts';
import { train } from './trainer-work.ts';

/** Makes of a published face model what the analysis can use, beside whatever else the trainer is at. */
export const faceBasis = defineKind({
  request: z.object({ file: z.string() }), // a MATLAB file, a ZIP archive or a folder
  result: FaceBasisResult,
  lane: 'face-basis',
  needs: ['trainer'],
  work: (assignment) =>
    train(assignment, {
      command: 'face-basis',
      threads: 1,
      file: assignment.request.file,
      outDir: assignment.place.library.paths.models,
    }),
});
