import type { Studio } from '../studio/studio.ts';
import type { implementation } from './implementation.ts';

/** Voices, and scripts that they speak. */
export function voicesRoutes(os: ReturnType<typeof implementation>, studio: Studio) {
  return {
    voices: {
      list: os.voices.list.handler(() => studio.voices.list()),
      fetch: os.voices.fetch.handler(async ({ input }) => ({ jobId: (await studio.voices.fetch(input.voice)).id })),
      say: os.voices.say.handler(async ({ input: { id, script } }) => ({
        jobId: (await studio.voices.say({ project: id, script })).id,
      })),
      said: os.voices.said.handler(({ input }) => studio.voices.said(input.job)),
      align: os.voices.align.handler(async ({ input: { id, ...asked } }) => ({
        jobId: (await studio.voices.align({ project: id, ...asked })).id,
      })),
      text: os.voices.text.handler(({ input }) => studio.voices.text(input.id, input.sound)),
      script: os.voices.script.handler(({ input }) => studio.voices.script(input.id, input.sound)),
    },
  };
}
