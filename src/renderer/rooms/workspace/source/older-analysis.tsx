import { Alert, Button, Stack } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';

/** Says that the video was checked by an earlier tracker, and offers to check it again; nothing where it was not. */
export function OlderAnalysis({ project }: { readonly project: ProjectDetail }) {
  const { client } = useStudio();
  const [check, training] = [useJob(project.id, 'analyze'), useJob(project.id, 'train')];
  if (!project.analysisOlder || active(check) || active(training)) return null;
  const person = project.report?.person;
  return (
    <Alert title="Checked by an earlier version">
      <Stack gap="sm" align="flex-start">
        This version follows faces otherwise. Check the video again to train on what it sees; your avatar stays as it is
        until you train it anew.
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => client.work.analyze({ id: project.id, ...(person ? { person } : {}) }).catch(tell)}
        >
          Check again
        </Button>
      </Stack>
    </Alert>
  );
}
