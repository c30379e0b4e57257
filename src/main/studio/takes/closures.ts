import { bilabials, type SpokenPhone } from '../../../shared/domain/script/index.ts';
import type { Take } from '../../../shared/domain/take.ts';
import type { Span } from '../engine/index.ts';

/** When what of a sound is said, by its id; nothing where that is not known. Raises StudioError('not-found'). */
export type PhonesLookup = (sound: string) => Promise<readonly SpokenPhone[]>;

/** Where lips meet in what some clips say, as far as a voice told it: seconds of the timeline. */
export async function closuresOf({ clips }: Pick<Take, 'clips'>, phonesOf: PhonesLookup): Promise<Span[]> {
  const all = await Promise.all(
    clips.map(async ({ sound, at, start, seconds }) =>
      bilabials(await phonesOf(sound))
        .map(({ from, to }) => ({ from: Math.max(from - start, 0), to: Math.min(to - start, seconds) }))
        .filter(({ from, to }) => to > from)
        .map(({ from, to }) => ({ from: at + from, to: at + to })),
    ),
  );
  return all.flat().toSorted((a, b) => a.from - b.from);
}
