import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { media } from '../../../ground/host/media.ts';
import { SourcePictures } from './pictures.ts';

interface Shared {
  readonly pictures: SourcePictures;
  users: number;
}
/** One cache for each project on screen, whoever draws from it. */
const open = new Map<string, Shared>();
/** How long it is kept when nobody draws from it: the next view of the same project may be about to, ms. */
const LINGER_MS = 3000;

/** The source's pictures; null until they have been made. */
export function useSourcePictures({
  id,
  pictures: made,
}: Pick<ProjectDetail, 'id' | 'pictures'>): SourcePictures | null {
  const { queries } = useStudio();
  const version = made?.version;
  const asked = queries.pictureTimes.queryOptions({ input: { id } });
  const times = useQuery({
    ...asked,
    queryKey: [...asked.queryKey, version],
    enabled: version !== undefined,
    staleTime: Infinity,
  }).data;
  const shared = useMemo(
    () => (version === undefined || times === undefined ? null : sharedOf(id, version, times)),
    [id, version, times],
  );
  useEffect(() => (shared ? drawFrom(shared) : undefined), [shared]);
  return shared?.pictures ?? null;
}

function sharedOf(id: string, version: string, times: readonly number[]): Shared {
  const key = `${id} ${version}`;
  const shared = open.get(key) ?? {
    pictures: new SourcePictures({ times, url: (frame) => media.picture(id, { version }, frame) }),
    users: 0,
  };
  open.set(key, shared);
  return shared;
}

/** Counts as drawing from it until the answer is called. */
function drawFrom(shared: Shared): () => void {
  shared.users += 1;
  return () => {
    shared.users -= 1;
    setTimeout(() => closeUnused(shared), LINGER_MS);
  };
}

function closeUnused(shared: Shared): void {
  if (shared.users > 0) return;
  shared.pictures.close();
  for (const [key, one] of open) if (one === shared) open.delete(key);
}
