import { Alert, Button, FileButton, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';
import type { ConsentView, ProjectDetail } from '../../../../shared/contract/studio.ts';
import { CONSENT_MEANINGS, LARGEST_ATTACHMENT, LONGEST_FILE_NAME } from '../../../../shared/domain/consent.ts';
import { comparisonInWords } from '../../../../shared/domain/same-person.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { host } from '../../../ground/host/index.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';

/** What the project rests on: what it means, the file that shows it, and its withdrawal. */
export function ConsentCard({ project: { id } }: { readonly project: ProjectDetail }) {
  const { client, queries } = useStudio();
  // Under `projects`, so that what is said of projects being changed renews it.
  const query = queries.consents.show.queryOptions({ input: { id } });
  const comparing = useJob(id, 'same-person');
  const key = [...queries.projects.key(), 'consent', id, comparing?.finishedAt];
  const { data: consent } = useQuery({ ...query, queryKey: key, placeholderData: keepPreviousData });
  const [asking, setAsking] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  if (!consent) return null;
  const { basis, note, recordedAt, withdrawnAt, attachment, compared } = consent;

  const attach = async (file: File | null) => {
    if (!file) return;
    if (file.size > LARGEST_ATTACHMENT) return tell(TOO_LARGE);
    setShare(0);
    try {
      const taken = await host.take(file, setShare);
      await client.consents.attach({ id, file: taken, name: file.name.slice(-LONGEST_FILE_NAME) });
    } catch (error) {
      tell(error);
    } finally {
      setShare(null);
    }
  };
  return (
    <Stack gap="xs" component="section" aria-label="Consent">
      <Title order={2} size="h5">
        Consent
      </Title>
      {withdrawnAt !== null && (
        <Alert title={`Withdrawn on ${day(withdrawnAt)}`}>
          <Stack gap="sm" align="flex-start">
            The avatar can’t be played or exported until the consent is given again. Nothing was deleted.
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void client.consents.give({ id, note: '' }).catch(tell)}
            >
              Give it again
            </Button>
          </Stack>
        </Alert>
      )}
      <Text size="sm">{CONSENT_MEANINGS[basis]}</Text>
      <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-line' }}>
        {recordedBy(consent)} on {day(recordedAt)}.{note !== '' && `\nNote: ${note}`}
      </Text>
      {attachment && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {attachment.here
            ? `Attached: ${attachment.name}, ${size(attachment.bytes ?? 0)}.`
            : 'A file was attached that is not here; its SHA-256 is known.'}
        </Text>
      )}
      <Group gap="xs">
        <FileButton
          inputProps={{ 'aria-label': 'Attach a file to the consent' }}
          onChange={(file) => void attach(file)}
        >
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" loading={share !== null}>
              {attachment ? 'Attach another file…' : 'Attach a file…'}
            </Button>
          )}
        </FileButton>
        {attachment?.here === true && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={active(comparing)}
            onClick={() => void client.consents.compare({ id }).catch(tell)}
          >
            Compare faces
          </Button>
        )}
        {withdrawnAt === null && (
          <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
            Withdraw…
          </Button>
        )}
      </Group>
      {comparing && comparing.status !== 'done' && comparing.status !== 'cancelled' && <JobProgress job={comparing} />}
      {compared && (
        <Text size="sm" role="status">
          {comparisonInWords(compared)}
        </Text>
      )}
      {asking && <WithdrawDialog id={id} consent={consent} onClose={() => setAsking(false)} />}
    </Stack>
  );
}

function WithdrawDialog({
  id,
  consent: { projects },
  onClose,
}: {
  readonly id: string;
  readonly consent: ConsentView;
  readonly onClose: () => void;
}) {
  const { client } = useStudio();
  const withdraw = async () => {
    try {
      await client.consents.withdraw({ id, note: '' });
      onClose();
    } catch (error) {
      tell(error);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Withdraw this consent?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text>
          The avatar can’t be played or exported until it is given again, and what is being made of it stops. Nothing is
          deleted; films that were exported stay where they are.
        </Text>
        {projects.length > 1 && (
          <Text>It holds for all that rest on it: {projects.map((name) => `“${name}”`).join(', ')}.</Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="red.9" onClick={() => void withdraw()}>
            Withdraw
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Said before it is sent. */
const TOO_LARGE: StudioErrorShape = {
  code: 'bad-request',
  message: `This file is too large: a consent keeps at most ${LARGEST_ATTACHMENT / 2 ** 20} MB.`,
  hint: 'Attach a shorter recording.',
};
const day = (iso: string): string => new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
const recordedBy = ({ recordedBy: by }: ConsentView): string =>
  by === '' ? 'Recorded where the avatar was made' : `Recorded by ${by}`;
