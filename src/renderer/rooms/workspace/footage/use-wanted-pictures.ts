import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useJob } from '../../../jobs/use-job.ts';
import { type PicturesState, picturesState } from './pictures-state.ts';

/** Has a source's pictures made that nobody has asked for yet, wherever the project is looked at. */
export function useWantedPictures({ id, hasVideo }: Pick<ProjectDetail, 'id' | 'hasVideo'>): PicturesState {
  const { client, queries } = useStudio();
  const known = useQuery(queries.jobs.list.queryOptions()).isSuccess;
  const state = picturesState(hasVideo, useJob(id, 'pictures'));
  const wanted = known && state.kind === 'wanted';
  useEffect(() => {
    if (wanted) client.work.pictures({ id }).catch(tell); // asked twice, it is still one job
  }, [client, id, wanted]);
  return state;
}
