import { z } from 'zod';
import { makePictures, readPictures } from '../pictures/index.ts';
import { defineKind, projectOf } from './kind.ts';
import { running, throttled } from './progress.ts';

/** Makes the source's pictures for every window; done at once when they are there. */
export const pictures = defineKind({
  request: z.object({}),
  result: z.object({ frames: z.int(), bytes: z.number() }),
  lane: 'media',
  needs: ['source'],
  work: async (assignment) => {
    const { report, signal, place } = assignment;
    const project = projectOf(assignment);
    const folder = place.library.paths.pictures(project.id);
    const there = await readPictures(folder);
    if (there) return { frames: there.frames, bytes: there.offsets.at(-1)! };
    const tools = await place.tools();
    const source = place.library.sourcePath(project);
    const picture = project.source.streams?.picture;
    return place.library.unfinished.during([`${folder}.partial`], () =>
      makePictures(
        tools,
        { source, picture },
        folder,
        throttled((done, total) => report(running({ stage: 'pictures', done, total, unit: 'frames' }))),
        signal,
      ),
    );
  },
});
