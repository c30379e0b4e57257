import { Button, Loader, Stack, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { useWantedPictures } from '../footage/use-wanted-pictures.ts';

/** Has the source written as pictures when that has not been done yet, and says how far it is. */
export function PicturesJob({ project }: { readonly project: ProjectDetail }) {
  const { client } = useStudio();
  const state = useWantedPictures(project);
  switch (state.kind) {
    case 'no-video':
      return (
        <Text className="viewer-note" role="status" size="sm">
          This avatar came without its video. Choose Avatar above to see it.
        </Text>
      );
    case 'wanted':
      return <Loader size="sm" aria-label="Preparing the video for viewing" />;
    case 'coming':
    case 'failed':
      return (
        <Stack className="viewer-note" gap="xs">
          <Text size="sm" fw={600}>
            {state.kind === 'coming'
              ? 'Preparing the video for viewing'
              : 'The video could not be prepared for viewing'}
          </Text>
          <JobProgress job={state.job} />
          {state.kind === 'failed' && !state.job.resumable && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => client.work.pictures({ id: project.id }).catch(tell)}
            >
              Try again
            </Button>
          )}
        </Stack>
      );
  }
}
