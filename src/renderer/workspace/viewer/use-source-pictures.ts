import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../app/connection.tsx';
import { media } from '../../host/media.ts';
import { SourcePictures } from './pictures.ts';

/** One cache for each project on screen, whoever draws from it; closed when nobody does. */
const open = new Map<string, { readonly pictures: SourcePictures; users: number }>();

/** The source's pictures; null until they have been made. */
export function useSourcePictures({ id, pictures: made }: Pick<ProjectDetail, 'id' | 'pictures'>): SourcePictures | null {
  const { queries } = useStudio();
  const version = made?.version;
  const asked = queries.pictureTimes.queryOptions({ input: { id } });
  const times = useQuery({ ...asked, queryKey: [...asked.queryKey, version], enabled: version !== undefined, staleTime: Infinity }).data;
  const [pictures, setPictures] = useState<SourcePictures | null>(null);
  useEffect(() => {
    if (version === undefined || times === undefined) return;
    const key = `${id} ${version}`;
    const shared = open.get(key) ?? { pictures: new SourcePictures({ times, url: (frame) => media.picture(id, { version }, frame) }), users: 0 };
    open.set(key, shared);
    shared.users += 1;
    setPictures(shared.pictures);
    return () => {
      setPictures(null);
      shared.users -= 1;
      if (shared.users > 0) return;
      shared.pictures.close();
      open.delete(key);
    };
  }, [id, version, times]);
  return pictures;
}
