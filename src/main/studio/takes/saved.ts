import { StudioError } from '../../../shared/contract/index.ts';
import { initialTake, Take } from '../../../shared/domain/take.ts';
import type { Library, Project } from '../library/index.ts';
import { hasOwnSound } from '../sounds/index.ts';

/**
 * What is on a project's timeline; revision 0 is what nobody has edited yet. Raises StudioError('bad-request') for one
 * of another version.
 */
export function savedTake({ takes }: Library, project: Project): { take: Take; revision: number } {
  const saved = takes.get(project.id);
  if (!saved)
    return { take: initialTake({ duration: project.source.duration, hasAudio: hasOwnSound(project) }), revision: 0 };
  const take = Take.safeParse(saved.document);
  if (take.success) return { take: take.data, revision: saved.revision };
  throw new StudioError({
    code: 'bad-request',
    message: 'The timeline of this project was saved by another version of Likeness.',
    hint: 'Open it with that version.',
    detail: take.error.message,
  });
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
