import { useQuery } from '@tanstack/react-query';
import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { explain } from '../../../ground/errors.tsx';
import { media } from '../../../ground/host/media.ts';
import { openTrack, type FaceTrack } from './track.ts';

export type TrackState =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly track: FaceTrack }
  | { readonly kind: 'failed'; readonly error: StudioErrorShape };

/** The fit of the video; read again when it has been analysed again. */
export function useTrack({ id, report }: Pick<ProjectDetail, 'id' | 'report'>): TrackState {
  // Every analysis takes its own time, so the report tells one from the next.
  const query = useQuery({
    queryKey: ['track', id, report?.seconds, report?.states],
    queryFn: ({ signal }) => openTrack(media.track(id), signal),
    enabled: report !== null,
    staleTime: Infinity,
    gcTime: 60_000,
    structuralSharing: false,
  });
  if (report === null) return { kind: 'none' };
  if (query.isPending) return { kind: 'opening' };
  return query.isError ? { kind: 'failed', error: explain(query.error) } : { kind: 'ready', track: query.data };
}
