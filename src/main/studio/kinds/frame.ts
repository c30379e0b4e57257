import { z } from 'zod';
import { FrameResult } from '../../../shared/contract/index.ts';
import { exportFrame, partialsOf, requirePlace } from '../export/index.ts';
import { avatarAt, DRAWN, KeptTake, phonesOf, readBy, reporting, signedBy } from './export.ts';
import { defineKind, projectOf } from './kind.ts';

/** Writes one frame of a take, as it was when it was asked for, as a picture. */
export const saveFrame = defineKind({
  request: z.object({
    name: z.string(), // of the take
    take: KeptTake,
    at: z.number().min(0), // seconds
    ...DRAWN,
  }),
  result: FrameResult,
  lane: 'media',
  needs: ['consent', 'avatar'],
  work: async (assignment) => {
    const { job, place, request, signal } = assignment;
    const { name, take, at, credentials: _, ...drawn } = request;
    const { library } = place;
    const sounds = place.soundsOf(projectOf(assignment));
    const folder = library.paths.job(job.id);
    const sound = { kind: 'take', name, take, sounds, phones: phonesOf(assignment), folder, at } as const;
    const ask = { ...(await avatarAt(assignment)), ...drawn, sound };
    requirePlace([drawn.outPath], readBy(ask));
    return library.unfinished.during(partialsOf(drawn.outPath), () =>
      signedBy(assignment, (signing) => exportFrame({ ...ask, signing }, reporting(assignment), signal)),
    );
  },
});
