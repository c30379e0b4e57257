import { z } from 'zod';
import { ProvidersHere } from './providers.ts';

/** Whether everything that the program needs is there and works. */
export const DoctorResult = z.object({
  ok: z.boolean(),
  problems: z.array(z.object({ message: z.string(), hint: z.string() })),
  versions: z.record(z.string(), z.string()),
  devices: z.array(z.object({ kind: z.enum(['cpu', 'cuda']), name: z.string() })),
  networks: ProvidersHere.nullable(), // null where ONNX Runtime cannot be loaded
  ffmpeg: z
    .object({
      path: z.string(),
      version: z.string(),
      origin: z.enum(['brought', 'named', 'system']), // came along, named by a variable, or found on the PATH
    })
    .nullable(),
  ffprobe: z
    .object({
      path: z.string(),
      version: z.string(),
      sameBuild: z.boolean(), // as ffmpeg
      agrees: z.boolean(), // with ffmpeg, on a file's clock; times are always ffmpeg's
    })
    .nullable(),
  python: z.object({ path: z.string(), version: z.string() }).nullable(),
  models: z.array(z.object({ name: z.string(), present: z.boolean() })),
  disk: z.object({ freeBytes: z.number(), libraryBytes: z.number() }),
});
export type DoctorResult = z.infer<typeof DoctorResult>;
