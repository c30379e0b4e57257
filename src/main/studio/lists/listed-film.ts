import type { Background } from '../../../shared/domain/film/index.ts';
import type { Script } from '../../../shared/domain/script/index.ts';
import type { Speech } from '../../../shared/domain/take.ts';
import type { FilmRequest } from '../avatars/studio-avatars.ts';

/** A film that a list asks for. */
export interface ListedFilm {
  readonly row: number;
  /** An id or unique name. */
  readonly project: string;
  readonly says:
    { readonly kind: 'script'; readonly script: Script } | { readonly kind: 'path'; readonly path: string };
  readonly speech: Partial<Speech>;
  readonly look: Required<Pick<FilmRequest, 'mode' | 'height' | 'shape' | 'format' | 'quality'>> & {
    readonly background: Background;
  };
  readonly outPath: string;
}
