import { Stack, Title, Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { Hint } from '../../../ground/hint.tsx';
import { useNotices } from '../../../ground/notices.tsx';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { useJobsOf } from '../../../jobs/use-job.ts';
import { useTake } from '../../../take/use-take.tsx';
import { clipsIn } from '../timeline/selection.ts';
import { useTimeline } from '../timeline/use-timeline.tsx';
import { draftOf } from './drafts.ts';
import { GivenText } from './given-text.tsx';
import { ScriptText } from './script-text.tsx';
import { VoiceOffer } from './voice-offer.tsx';

/** Text that a voice speaks: a new script, or that of the selected clip; of a recorded clip, what is said in it. */
export function ScriptPart({ project }: { readonly project: ProjectDetail }) {
  const { queries } = useStudio();
  const cache = useQueryClient();
  const voices = useQuery(queries.voices.list.queryOptions()).data;
  useNotices((notice) => {
    if (notice.kind === 'job' && notice.job.kind === 'voice' && notice.job.status === 'done')
      void cache.invalidateQueries({ queryKey: queries.voices.list.key() });
  });
  const { clip, recorded } = useSelectedSound(project);
  const input = { id: project.id, sound: clip?.sound ?? '' };
  const kept = useQuery({ ...queries.voices.script.queryOptions({ input }), enabled: clip !== undefined }).data;
  const [job] = useJobsOf(project.id, 'say');
  const present = voices?.filter(({ state }) => state === 'present') ?? [];
  return (
    <>
      {recorded && <GivenText key={recorded.id} project={project} sound={recorded} />}
      <Stack gap="xs" component="section" aria-label="Script">
        <Group gap={2} wrap="nowrap">
          <Title order={2} size="h6">
            {clip ? 'Script of the selected clip' : 'New script'}
          </Title>
          <Hint
            about="scripts"
            text={
              'Type, paste or drop text (.txt, .srt, .vtt): a voice speaks it as a sound on the timeline. Select its ' +
              'clip to change the text; only the sentences that changed are spoken again.'
            }
          />
        </Group>
        {voices && present.length === 0 && <VoiceOffer voices={voices} />}
        {voices && (clip === undefined || kept !== undefined) && (
          <ScriptText
            key={draftOf(project.id, clip?.id)}
            project={project}
            voices={present}
            clip={clip?.id}
            kept={kept?.script}
          />
        )}
        {job && job.status !== 'done' && <JobProgress job={job} />}
      </Stack>
    </>
  );
}

/** The one selected clip, if a voice spoke its sound; else that sound. */
function useSelectedSound({ sounds }: ProjectDetail) {
  const { selection } = useTimeline();
  const { take } = useTake();
  const [id, ...others] = clipsIn(selection);
  const clip = others.length === 0 ? take.clips.find((one) => one.id === id) : undefined;
  const sound = sounds.find((one) => one.id === clip?.sound);
  return sound?.spoken ? { clip } : { recorded: sound };
}
