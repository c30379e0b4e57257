import type { FileRef } from '../../shared/contract/studio.ts';
import type { Studio } from '../studio/studio.ts';
import type { implementation } from './implementation.ts';

/** What a window asks of the consents that projects rest on. */
export function consentsRoutes(
  os: ReturnType<typeof implementation>,
  studio: Studio,
  files: { readonly pathOf: (ref: FileRef) => string; readonly discard: (ref: FileRef) => Promise<void> },
) {
  return {
    consents: {
      show: os.consents.show.handler(({ input }) => studio.consents.show(input.id)),
      attach: os.consents.attach.handler(async ({ input: { id, file, name } }) => {
        try {
          return await studio.consents.attach(id, files.pathOf(file), name);
        } finally {
          await files.discard(file);
        }
      }),
      withdraw: os.consents.withdraw.handler(({ input }) => studio.consents.withdraw(input.id, input.note)),
      compare: os.consents.compare.handler(({ input }) => ({ jobId: studio.consents.compare(input.id).id })),
      give: os.consents.give.handler(({ input }) => studio.consents.give(input.id, input.note)),
    },
  };
}
