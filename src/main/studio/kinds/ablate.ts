import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AblateResult, AblationSubject } from '../../../shared/contract/index.ts';
import { research } from '../checkout/index.ts';
import { listModels } from '../models/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { film, train } from './trainer-work.ts';

/** Measures what each part of a subject is worth for one person, and writes a report into the project. */
export const ablate = defineKind({
  // hears: another project's id, whose sound the chain of speech hears too
  request: z.object({ subject: AblationSubject, hears: z.string().optional() }),
  result: AblateResult,
  lane: 'trainer',
  needs: ['consent', 'source', 'trainer', 'analysis'],
  work: async (assignment) => {
    const { writeBrowserVisemes } = await research();
    const { job, request, place } = assignment;
    const { library, installation } = place;
    const project = projectOf(assignment);
    const analysisDir = library.paths.analysis(project.id);
    const order = {
      command: 'ablate',
      subject: request.subject,
      ...film(library, project),
      analysisDir,
      outDir: library.paths.ablation(project.id),
    } as const;
    if (request.subject === 'renderer') return train(assignment, order);
    const hubert = (await listModels(installation.resources, library.paths.root)).find(
      ({ encoder, state }) => encoder === 'hubert' && state === 'present',
    );
    const other = request.hears ? library.projects.find(request.hears) : undefined;
    const visemes = join(library.paths.job(job.id), 'browser-visemes.json');
    const sound = join(analysisDir, 'audio16k.wav');
    const heard = existsSync(sound) && (await writeBrowserVisemes(await place.tools(), sound, visemes));
    return train(assignment, {
      ...order,
      ...(hubert ? { hubert: hubert.path } : {}),
      ...(heard ? { visemes } : {}),
      ...(other ? { hears: { name: other.name, analysisDir: library.paths.analysis(other.id) } } : {}),
    });
  },
});
