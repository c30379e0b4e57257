import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';

/**
 * While the source's pictures are made: how far that is. Begun here too, for a project that is opened at a step without
 * them.
 */
export function FilmPending({
  projectId,
  place,
}: {
  readonly projectId: string;
  readonly place: { readonly top: number; readonly height: number };
}) {
  const { client, queries } = useStudio();
  const known = useQuery(queries.jobs.list.queryOptions()).isSuccess;
  const job = useJob(projectId, 'pictures');
  const wanted = known && (job === undefined || job.status === 'done');
  useEffect(() => {
    if (wanted) client.work.pictures({ id: projectId }).catch(tell); // asked twice, it is still one job
  }, [client, projectId, wanted]);
  const progress = job?.progress;
  const share = progress && progress.total > 0 ? `, ${Math.floor((100 * progress.done) / progress.total)} %` : '…';
  return (
    <div className="film-pending" role="status" style={place}>
      {job && !active(job) && job.status !== 'done'
        ? 'The pictures of the video were not made; the viewer says why, under Source.'
        : `Preparing the pictures of the video${share}`}
    </div>
  );
}
