import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { PicturesState } from '../footage/pictures-state.ts';
import { useWantedPictures } from '../footage/use-wanted-pictures.ts';

/**
 * While the source's pictures are made: how far that is. Begun here too, for a project that is opened at a step without
 * them.
 */
export function FilmPending({
  project,
  place,
}: {
  readonly project: ProjectDetail;
  readonly place: { readonly top: number; readonly height: number };
}) {
  return (
    <div className="film-pending" role="status" style={place}>
      {told(useWantedPictures(project))}
    </div>
  );
}

function told(state: PicturesState): string {
  switch (state.kind) {
    case 'no-video':
      return 'This avatar came without its video.';
    case 'failed':
      return 'The pictures of the video were not made; the viewer says why, under Source.';
    case 'wanted':
      return 'Preparing the pictures of the video…';
    case 'coming': {
      const { progress } = state.job;
      const share = progress && progress.total > 0 ? `, ${Math.floor((100 * progress.done) / progress.total)} %` : '…';
      return `Preparing the pictures of the video${share}`;
    }
  }
}
