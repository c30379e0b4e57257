import { z } from 'zod';

export const ProjectId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
export const TakeId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
export const JobId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/**
 * A file the host has already taken in: an upload's token (web), or an absolute path dropped on the window (Electron).
 */
export const FileRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload'), token: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/) }),
  z.object({ kind: z.literal('path'), path: z.string().min(1).max(4096) }),
]);
export type FileRef = z.infer<typeof FileRef>;
