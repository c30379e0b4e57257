import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { resaid, saidFirst } from '../../../../shared/domain/resaid.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useJobs } from '../../../jobs/use-job.ts';
import { newId } from '../../../take/new-id.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { someClips } from '../timeline/selection.ts';
import { useTimeline } from '../timeline/use-timeline.tsx';
import { draftOf, setDraft } from './drafts.ts';

/** A job that speaks for this window, and the clip that is to say it; none: a new one. */
interface Asked {
  readonly job: string;
  readonly clip?: string | undefined;
}

/** Puts what was spoken on the timeline of the window that asked for it, a reload included. Nothing is drawn. */
export function Said({ project }: { readonly project: ProjectDetail }) {
  const { id } = project;
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const editor = useTakeEditor();
  const { select } = useTimeline();
  const jobs = useJobs();
  const show = async ({ job, clip }: Asked) => {
    const { sound, seconds } = await client.voices.said({ job });
    if (sound === null) return;
    await cache.invalidateQueries({ queryKey: queries.projects.get.key({ input: { id } }) });
    const said = { id: sound, seconds };
    const there = clip !== undefined && editor.take.clips.some((one) => one.id === clip);
    const shown = there ? clip : newId();
    if (there) editor.edit('speak the script again', (take) => resaid(take, clip, said));
    else editor.edit('speak a script', (take) => saidFirst(take, { id: shown, sound, start: 0, seconds }));
    setDraft(draftOf(id, clip), null);
    select(someClips([shown]));
  };
  const look = useEffectEvent(() => {
    const ended = jobs.filter(
      ({ projectId, status }) => projectId === id && status !== 'queued' && status !== 'running',
    );
    for (const { id: job, status } of ended) {
      const found = asked().find((one) => one.job === job);
      if (!found || (status !== 'done' && status !== 'cancelled')) continue; // others may be resumed
      remember(asked().filter((one) => one.job !== job));
      if (status === 'done') show(found).catch(tell);
    }
  });
  useEffect(() => look(), [jobs]);
  return null;
}

/** A job is this window's from now on. */
export function rememberAsked(one: Asked): void {
  remember([...asked(), one]);
}

const KEY = 'likeness:saying';
const asked = (): readonly Asked[] => JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Asked[];
const remember = (jobs: readonly Asked[]): void => sessionStorage.setItem(KEY, JSON.stringify(jobs));
