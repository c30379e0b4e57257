import { oc } from '@orpc/contract';
import { z } from 'zod';
import { LONGEST_FILE_NAME } from '../domain/consent.ts';
import { FileRef, ProjectId } from './refs.ts';

export const ConsentBasis = z.enum(['self', 'permission', 'synthetic']);
const Note = z.string().max(2000);
/** On what basis a person in a video may be used. */
export const ConsentGiven = z.object({ basis: ConsentBasis, note: Note });
export type ConsentGiven = z.infer<typeof ConsentGiven>;

/**
 * What a network says of the face in another video beside the avatar's. `distance`: of their descriptors, null where
 * too few faces were seen; `faces` of `looked` frames showed one.
 */
export const SamePersonResult = z.object({
  verdict: z.enum(['same', 'other', 'unsure']),
  distance: z.number().nullable(),
  faces: z.int(),
  looked: z.int(),
});
export type SamePersonResult = z.infer<typeof SamePersonResult>;

/** What a project rests on. */
export const ConsentView = z.object({
  basis: ConsentBasis,
  note: z.string(),
  recordedBy: z.string(), // empty where it came with an avatar
  recordedAt: z.string(),
  withdrawnAt: z.string().nullable(), // null while it holds
  /** The file that shows it; `here` false: only its hash is known, or it was taken away. */
  attachment: z
    .object({ name: z.string().nullable(), bytes: z.int().nullable(), sha256: z.string(), here: z.boolean() })
    .nullable(),
  /** What became of it, oldest first. */
  changes: z
    .array(
      z.object({
        kind: z.enum(['attached', 'withdrawn', 'given']),
        at: z.string(),
        recordedBy: z.string(),
        note: z.string(),
      }),
    )
    .readonly(),
  /** What was found when faces were compared with those of the attached file; null before. */
  compared: SamePersonResult.nullable(),
  projects: z.array(z.string()), // names of all that rest on it
});
export type ConsentView = z.infer<typeof ConsentView>;

const project = z.object({ id: ProjectId });

export const consentsContract = {
  show: oc.input(project).output(ConsentView),
  /** Keeps a copy of a file, at most `LARGEST_ATTACHMENT`. Raises 'bad-request' for none, an empty or a larger one. */
  attach: oc
    .input(project.extend({ file: FileRef, name: z.string().trim().min(1).max(LONGEST_FILE_NAME) }))
    .output(ConsentView),
  /** Nothing is shown or made of the person until it is given again; nothing is deleted. */
  withdraw: oc.input(project.extend({ note: Note })).output(ConsentView),
  give: oc.input(project.extend({ note: Note })).output(ConsentView),
  /** Begins to compare the face in the attached recording with the avatar's; nothing follows from it by itself. */
  compare: oc.input(project).output(z.object({ jobId: z.string() })),
};
