import type { FileRef } from '../../shared/contract/studio.ts';
import type { Studio } from '../studio/studio.ts';
import type { implementation } from './implementation.ts';

interface Files {
  readonly pathOf: (ref: FileRef) => string;
  readonly discard: (ref: FileRef) => Promise<void>;
}

/** Lists of films. A table that was uploaded is kept until its films are begun or it is left out. */
export function listsRoutes(os: ReturnType<typeof implementation>, studio: Studio, { pathOf, discard }: Files) {
  const tableOf = ({ file, name }: { readonly file: FileRef; readonly name: string }) => {
    const path = pathOf(file);
    return file.kind === 'path' ? ({ kind: 'file', path } as const) : ({ kind: 'sent', path, name } as const);
  };
  return {
    lists: {
      read: os.lists.read.handler(({ input }) => studio.lists.check(tableOf(input))),
      make: os.lists.make.handler(async ({ input }) => {
        const list = await studio.lists.begin(tableOf(input));
        await discard(input.file);
        return list;
      }),
      newest: os.lists.newest.handler(() => studio.lists.newest()),
      stop: os.lists.stop.handler(({ input }) => {
        studio.lists.stop(input.id);
        return {};
      }),
    },
  };
}
