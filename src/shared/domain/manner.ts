import { z } from 'zod';
import { PoseSource, Speech, type Take } from './take.ts';

/** How a take is performed, whatever is said in it: how speech moves the face, and what the head does meanwhile. */
export const Manner = z.object({ pose: PoseSource, speech: Speech });
export type Manner = z.infer<typeof Manner>;

export function mannerOfTake({ pose, speech }: Take): Manner {
  return { pose, speech };
}

/** The same take when it is performed so already. */
export function inManner(take: Take, manner: Manner): Take {
  return isInManner(take, manner) ? take : { ...take, ...manner };
}

export function isInManner(take: Take, { pose, speech }: Manner): boolean {
  return JSON.stringify(Manner.parse(mannerOfTake(take))) === JSON.stringify(Manner.parse({ pose, speech }));
}
