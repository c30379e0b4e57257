/** Every kind of job, each in a file of its own: what is asked of it, what it answers, where it waits, its needs. */
import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import type { JobKind } from '../../../shared/contract/job.ts';
import type { Work } from '../jobs/index.ts';
import type { Library } from '../library/index.ts';
import { ablate } from './ablate.ts';
import { align } from './align.ts';
import { analyze } from './analyze.ts';
import { checkpoint } from './checkpoint.ts';
import { demoSample } from './demo-sample.ts';
import { drive } from './drive.ts';
import { estimate } from './estimate.ts';
import { evaluate } from './evaluate.ts';
import { exportFilm } from './export.ts';
import { faceBasis } from './face-basis.ts';
import { saveFrame } from './frame.ts';
import { hubertGraphs } from './hubert-graphs.ts';
import { fitting, type Kind, projectOf, type Workplace } from './kind.ts';
import { requireConsent } from './needs.ts';
import { pictures } from './pictures.ts';
import { render } from './render.ts';
import { samePerson } from './same-person.ts';
import { say } from './say.ts';
import { setUp } from './set-up.ts';
import { train } from './train.ts';
import { voice } from './voice.ts';

export type { Kind, Need, Workplace } from './kind.ts';

export const KINDS = {
  analyze,
  train,
  checkpoint,
  estimate,
  evaluate,
  render,
  ablate,
  align,
  'demo-sample': demoSample,
  'face-basis': faceBasis,
  'hubert-graphs': hubertGraphs,
  pictures,
  export: exportFilm,
  frame: saveFrame,
  drive,
  'same-person': samePerson,
  say,
  voice,
  'set-up': setUp,
} satisfies Record<JobKind, Kind>;

export type RequestOf<Name extends JobKind> = z.input<(typeof KINDS)[Name]['request']>;
export type ResultOf<Name extends JobKind> = z.output<(typeof KINDS)[Name]['result']>;

/** What a queue does with a job whose turn it is. */
export function workAt(place: Workplace): Work {
  return async (context) => {
    const { kind: name, request: stored } = context.job;
    if (name === 'unknown') throw notUnderstood('unknown kind');
    const kind: Kind = KINDS[name];
    const request = kind.request.safeParse(stored);
    if (!request.success) throw notUnderstood(request.error.message);
    // It may have been withdrawn while the job waited, or before it was resumed.
    if (kind.needs.includes('consent')) requireConsent(place.library, projectOf({ job: context.job, place }));
    const result = await whileThere(place.library, () => kind.work({ ...context, request: request.data, place }));
    return fitting(kind.result, result) as Record<string, unknown>;
  };
}

/** What fails because somebody took the library away says so, not what it stumbled over. */
async function whileThere<T>({ paths }: Library, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (existsSync(paths.database)) throw error;
    throw new StudioError(
      {
        code: 'not-found',
        message: "The library's folder is not there any more.",
        hint: 'Check whether it was moved or deleted, or its disk taken out, then start Likeness again.',
        detail: paths.root,
      },
      { cause: error },
    );
  }
}

/** A job that another version of Likeness asked for, resumed here. */
function notUnderstood(detail: string): StudioError {
  return new StudioError({
    code: 'bad-request',
    message: 'Another version of Likeness asked for this job, in words that this one does not know.',
    hint: 'Start a new one.',
    detail,
  });
}
