import { Button, Group, Stack, Text } from '@mantine/core';
import type { TrainerState } from '../../../shared/contract/system.ts';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { active } from '../../jobs/use-job.ts';
import { useTrainer } from './use-trainer.ts';
import './trainer-card.css';

interface Props {
  /** What is to be done that needs it, as the beginning of a sentence. */
  readonly need: string;
  /** What is asked for together with the set-up, and waits for it. */
  readonly then?: { readonly label: string; readonly run: () => void } | undefined;
}

/** Offers the set-up of the trainer where it is missing, and shows how far it is; nothing where all is well. */
export function TrainerCard({ need, then }: Props) {
  const { state, job, setUp } = useTrainer();
  if (!state || (state.kind === 'ready' && !active(job))) return null;
  const begin = async () => {
    if (await setUp()) then?.run();
  };
  return (
    <Stack component="section" gap="xs" aria-label="Trainer" className="trainer-card">
      <Text size="sm" fw={600}>
        {active(job)
          ? 'Setting up the trainer'
          : state.kind === 'outdated'
            ? 'The trainer wants newer packages'
            : 'The trainer is not set up yet'}
      </Text>
      {!active(job) && (
        <Text size="sm" c="dimmed">
          {state.kind === 'outdated'
            ? 'This version of Likeness was made for them. An update fetches only what changed.'
            : offer(need, state)}
        </Text>
      )}
      {job && job.status !== 'done' ? (
        <JobProgress job={job} />
      ) : (
        <Group>
          <Button size="compact-md" variant={then ? 'filled' : 'default'} onClick={() => void begin()}>
            {state.kind === 'outdated' ? 'Update the trainer' : (then?.label ?? 'Set up the trainer')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function offer(need: string, { downloadBytes, diskBytes }: TrainerState): string {
  const size = `up to ${gigabytes(downloadBytes)} to download, ${gigabytes(diskBytes)} on the disk`;
  return `${need} needs a part that is fetched once: ${size}. Avatars that are finished play and export without it.`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
