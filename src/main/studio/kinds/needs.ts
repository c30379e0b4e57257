import { existsSync } from 'node:fs';
import { StudioError } from '../../../shared/contract/index.ts';
import { type Library, type Project, withdrawnAt } from '../library/index.ts';
import { requireTrainer } from '../set-up/index.ts';
import type { Installation } from '../system/environment.ts';
import type { Need } from './kind.ts';

interface Place {
  readonly library: Library;
  readonly installation: Installation;
}

/** Raises StudioError('not-found' | 'missing-tool') for the first that is not there. `project` is whose job it is. */
export function requireAll(needs: readonly Need[], place: Place, project: Project | null): void {
  for (const need of needs) {
    if (need === 'trainer') requireTrainerSoon(place);
    else requireOf(need, place.library, project!);
  }
}

function requireOf(need: Exclude<Need, 'trainer'>, library: Library, project: Project): void {
  switch (need) {
    case 'consent':
      return requireConsent(library, project);
    case 'source':
      return void library.sourcePath(project);
    case 'analysis':
      return requireAnalysis(library, project);
    case 'avatar':
      return void requireAvatar(library, project);
  }
}

/** It is there, or will be when what is asked for now begins. */
function requireTrainerSoon({ library, installation }: Place): void {
  if (!library.jobs.unfinished().some(({ kind }) => kind === 'set-up')) requireTrainer(installation);
}

function requireAnalysis({ paths }: Library, { id, name }: Project): void {
  if (existsSync(paths.track(id))) return;
  throw new StudioError({
    code: 'not-found',
    message: `"${name}" has not been analysed yet.`,
    hint: 'Analyse it first.',
  });
}

/** Raises StudioError('consent-withdrawn'). */
export function requireConsent({ consents }: Library, { consentId, name }: Project): void {
  if (withdrawnAt(consents.get(consentId)) === null) return;
  throw new StudioError({
    code: 'consent-withdrawn',
    message: `The consent to use "${name}" was withdrawn.`,
    hint: 'Nothing was deleted. It is given again in the window under Source, or with "likeness consent give".',
  });
}

/** The project's finished avatar. Raises StudioError('not-found') before its first training. */
export function requireAvatar({ paths }: Library, { id, name }: Project): string {
  const path = paths.avatar(id);
  if (existsSync(path)) return path;
  throw new StudioError({ code: 'not-found', message: `"${name}" has no avatar yet.`, hint: 'Train it first.' });
}
