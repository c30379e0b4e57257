import { StudioError } from '../../../shared/contract/index.ts';
import { EMPTY_TAKE, initialTake, type Take } from '../../../shared/domain/take.ts';
import type { Library, Project, SavedTake } from '../library/index.ts';
import { hasOwnSound, listSounds } from '../sounds/index.ts';
import { readTake } from './migrations.ts';

/** A take with its document brought to this version; revision 0 is what nobody has edited yet. */
export interface OpenTake extends Pick<SavedTake, 'id' | 'name' | 'revision'> {
  readonly take: Take;
}

/**
 * One of a project's takes, by id or unique name; the open one by default. Raises StudioError('not-found' |
 * 'ambiguous'), and 'bad-request' for one of a newer version, or a damaged one.
 */
export function savedTake({ takes }: Library, project: Project, idOrName?: string): OpenTake {
  const { id, name, revision, document } = takes.find(project.id, idOrName);
  const take =
    document === null
      ? initialTake({ duration: project.source.duration, hasAudio: hasOwnSound(project) })
      : readTake(document);
  return { id, name, revision, take };
}

/** A take on which one sound of a project is said from end to end. Raises StudioError('not-found'). */
export function takeOfSound({ paths }: Library, project: Project, sound: string): Take {
  const found = listSounds(paths.sounds(project.id)).find(({ id }) => id === sound);
  if (found)
    return { ...EMPTY_TAKE, clips: [{ id: 'sound', sound: found.id, at: 0, start: 0, seconds: found.seconds }] };
  throw new StudioError({
    code: 'not-found',
    message: 'This project has no such sound.',
    hint: 'See which sounds it has.',
  });
}

/** Answers the new revision. Raises StudioError('busy') when somebody saved since `revision`. */
export function saveTake({ takes }: Library, id: string, take: Take, revision: number): number {
  const saved = takes.save(id, take, revision);
  if (saved !== undefined) return saved;
  throw new StudioError({
    code: 'busy',
    message: 'The timeline was changed in another window.',
    hint: 'Look at it as it is now, and do your change again.',
  });
}
