import { StudioError } from '../../../shared/contract/index.ts';
import { initialTake, type Take } from '../../../shared/domain/take.ts';
import type { Library, Project } from '../library/index.ts';
import { hasOwnSound } from '../sounds/index.ts';
import { readTake } from './migrations.ts';

/**
 * What is on a project's timeline, brought to this version; revision 0 is what nobody has edited yet. Raises
 * StudioError('bad-request') for one of a newer version, or a damaged one.
 */
export function savedTake({ takes }: Library, project: Project): { take: Take; revision: number } {
  const saved = takes.get(project.id);
  return saved
    ? { take: readTake(saved.document), revision: saved.revision }
    : { take: initialTake({ duration: project.source.duration, hasAudio: hasOwnSound(project) }), revision: 0 };
}

/** Answers the new revision. Raises StudioError('busy') when somebody saved since `revision`. */
export function saveTake({ takes }: Library, { id }: Project, take: Take, revision: number): number {
  const saved = takes.save(id, take, revision);
  if (saved !== undefined) return saved;
  throw new StudioError({
    code: 'busy',
    message: 'The timeline was changed in another window.',
    hint: 'Look at it as it is now, and do your change again.',
  });
}
