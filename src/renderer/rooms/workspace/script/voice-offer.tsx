import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { VoiceView } from '../../../../shared/contract/voices.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { useJobs } from '../../../jobs/use-job.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** How to get a voice where there is none: fetched once its terms are agreed to, or brought from elsewhere. */
export function VoiceOffer({ voices }: { readonly voices: readonly VoiceView[] }) {
  const { client } = useStudio();
  const [asked, setAsked] = useState<VoiceView>();
  const job = useJobs()
    .filter(({ kind }) => kind === 'voice')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  const fetch = ({ name }: VoiceView) => {
    setAsked(undefined);
    client.voices.fetch({ voice: name, agreed: true }).catch(tell);
  };
  return (
    <Stack gap="xs" component="section" aria-label="Voices">
      <Text size="sm">
        There is no voice on this computer yet. One is downloaded once; then scripts are spoken here, and nothing leaves
        this computer.
      </Text>
      {job && job.status !== 'done' && <JobProgress job={job} />}
      {job?.status !== 'running' && job?.status !== 'queued' && (
        <Group gap="xs">
          {voices.map(
            (voice) =>
              voice.fetch && (
                <Button key={voice.name} size="compact-sm" onClick={() => setAsked(voice)}>
                  {`Get ${voice.title} (${megabytes(voice.fetch.bytes)})…`}
                </Button>
              ),
          )}
        </Group>
      )}
      <Text size="xs" c="dimmed">
        Without a connection, or for another voice: “likeness models add” takes any Piper voice. Everything else works
        without one.
      </Text>
      {asked?.fetch && (
        <Modal
          opened
          onClose={() => setAsked(undefined)}
          title={`The voice ${asked.title}`}
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <Stack>
            <Text size="sm">{asked.fetch.terms}</Text>
            <Text size="sm" c="dimmed">{`${megabytes(asked.fetch.bytes)} to download, kept in the library.`}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsked(undefined)}>
                Cancel
              </Button>
              <Button onClick={() => fetch(asked)}>Agree and download</Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Stack>
  );
}
