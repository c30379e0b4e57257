import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TrainerEvent } from '../../../shared/contract/index.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import type { Library } from '../library/index.ts';

export type Metric = Pick<Extract<TrainerEvent, { type: 'metric' }>, 'step' | 'split' | 'name' | 'value'>;

/**
 * The newest training's measurements in order of steps; a step that was done again after a resume counts once, as it
 * was done last.
 */
export function trainingMetrics(library: Library, projectId: string): Metric[] {
  const run = library.runs.list(projectId)[0];
  const metrics = new Map<string, Metric>();
  for (const job of run ? library.jobs.ofRun(run.id) : []) {
    for (const { step, split, name, value } of metricEvents(join(library.paths.job(job.id), 'events.ndjson'))) {
      metrics.set(`${step} ${split} ${name}`, { step, split, name, value });
    }
  }
  return [...metrics.values()].sort((a, b) => a.step - b.step);
}

function metricEvents(log: string): Metric[] {
  if (!existsSync(log)) return [];
  return readPlainFile(log)
    .toString()
    .split('\n')
    .filter((line) => line.includes('"metric"'))
    .flatMap((line) => {
      const event = parse(line);
      return event?.type === 'metric' ? [event] : [];
    });
}

/** Undefined for what a crash cut short. */
function parse(text: string): TrainerEvent | undefined {
  try {
    return TrainerEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
