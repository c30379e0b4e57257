import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type EvaluateReport, EvaluateResult } from '../../../shared/contract/index.ts';
import { hubertOf, listModels, type ModelStatus, recognitionOf } from '../models/index.ts';
import { copyWhole, partialBeside } from '../ground/settle.ts';
import { defineKind, fitting, projectOf } from './kind.ts';
import { film, type Order, train } from './trainer-work.ts';

/** Measures the avatar on frames that it was not trained on. */
export const evaluate = defineKind({
  request: z.object({
    videoPath: z.string().optional(), // where the filmed mouth is to be shown beside the driven one
    report: z.boolean().default(false), // whether a page of figures and pictures is wanted: it lies in the project
    reportDir: z.string().optional(), // where a copy of it is to lie
  }),
  result: EvaluateResult,
  lane: 'trainer',
  needs: ['consent', 'source', 'trainer', 'analysis', 'avatar'],
  work: async (assignment) => {
    const project = projectOf(assignment);
    const { library, installation } = assignment.place;
    const { videoPath, report, reportDir } = assignment.request;
    const models = await listModels(installation.resources, library.paths.root);
    const hubert = models.some(({ encoder, state }) => encoder === 'hubert' && state === 'present')
      ? hubertOf(installation.resources, library.paths.root)
      : undefined;
    const measured = await library.unfinished.during(videoPath === undefined ? [] : [partialBeside(videoPath)], () =>
      train(assignment, {
        command: 'evaluate',
        ...film(library, project),
        analysisDir: library.paths.analysis(project.id),
        avatarPath: library.paths.avatar(project.id),
        videoPath,
        ...networksOf(models),
        hubert,
        ...(report ? { reportDir: library.paths.evaluationReport(project.id) } : {}),
      }),
    );
    const result = fitting(EvaluateResult, measured);
    const { video: _video, report: _report, ...figures } = result; // files, which may go
    await writeFile(library.paths.evaluation(project.id), JSON.stringify(figures));
    return result.report && reportDir !== undefined
      ? { ...result, report: await copied(result.report, reportDir) }
      : result;
  },
});

/** Weights in `resources/models.json` that measure something where the user has added them. */
function networksOf(
  models: readonly ModelStatus[],
): Pick<Extract<Order, { command: 'evaluate' }>, 'perceptual' | 'recognition'> {
  const path = (wanted: string) => models.find(({ name, state }) => name === wanted && state === 'present')?.path;
  const perceptual = path('efficientnet-lite0');
  const recognition = recognitionOf(models);
  return { ...(perceptual ? { perceptual } : {}), ...(recognition ? { recognition } : {}) };
}

async function copied({ html, film, figures }: EvaluateReport, folder: string): Promise<EvaluateReport> {
  const copy = async (file: string) => {
    const path = join(folder, basename(file));
    await copyWhole(file, path);
    return path;
  };
  return { html: await copy(html), film: await copy(film), figures: await copy(figures) };
}
