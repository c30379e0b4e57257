import { useMemo } from 'react';
import type { LiveLook } from '../../../../shared/contract/live.ts';
import { FORMATS } from '../../../../shared/domain/film/index.ts';
import { useStore } from '../../../ground/store.ts';
import { type Backdrop, board, coloured } from './backdrop.ts';
import { backdropOf } from './file-backdrop.ts';
import { type FilmChoices, filmChoices } from './film-choices.ts';

/** How a stage shows a person as the film that is chosen will. */
export interface StageLook {
  readonly look: LiveLook;
  /** What lies behind, where the live picture is of the person alone. */
  readonly backdrop: Backdrop | null;
}

/** Whether the film that is chosen is what the live picture shows: a portrait. */
export const isPortrait = ({ mode, format }: FilmChoices): boolean => mode === 'portrait' && FORMATS[format].picture;

/** Of the film that is chosen; null where that is as the avatar is by itself. */
export function useStageLook(): StageLook | null {
  const choices = useStore(filmChoices);
  const { shape, background } = choices;
  const portrait = isPortrait(choices);
  return useMemo(() => {
    if (!portrait) return null;
    const { behind, backdrop } = shownBehind(background);
    return shape === 'own' && behind === 'own' ? null : { look: { shape, behind }, backdrop };
  }, [portrait, shape, background]);
}

function shownBehind(background: FilmChoices['background']): {
  readonly behind: LiveLook['behind'];
  readonly backdrop: Backdrop | null;
} {
  switch (background.kind) {
    case 'own':
      return { behind: 'own', backdrop: null };
    case 'blur':
      return { behind: 'blurred', backdrop: null };
    case 'transparent':
      return { behind: 'none', backdrop: board() };
    case 'colour':
      return { behind: 'none', backdrop: coloured(background.colour) };
    case 'file': // until one is chosen there is none
      return background.file
        ? { behind: 'none', backdrop: backdropOf(background.file) }
        : { behind: 'own', backdrop: null };
  }
}
