import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { Preset, SpeechEncoder } from '../../../../shared/contract/trainer.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useSettings } from '../../../ground/settings.ts';
import { aboutTime } from '../../../ground/about-time.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob, useJobs } from '../../../jobs/use-job.ts';
import { EncoderChoice } from './encoder-choice.tsx';

const PRESETS: readonly { readonly value: Preset; readonly label: string; readonly description: string }[] = [
  { value: 'instant', label: 'Instant', description: 'The video’s own frames, without training.' },
  { value: 'draft', label: 'Draft', description: 'A short training on top of them.' },
  { value: 'standard', label: 'Standard', description: 'A longer one, for skin, teeth and hair.' },
  { value: 'full', label: 'Full', description: 'The longest; meant for a computer with an NVIDIA graphics card.' },
];

const BEGINS =
  'Every training begins with the instant avatar, which can be used meanwhile. At the end the better of the two shows.';

/** How long to train: each preset with the time it takes here, once that was measured. */
export function PresetChoice({ project }: { readonly project: ProjectDetail }) {
  const { client, queries } = useStudio();
  const { settings } = useSettings();
  const [preset, setPreset] = useState<Preset>('draft');
  const [speech, setSpeech] = useState<SpeechEncoder>('embedded');
  const times = useQuery(queries.presets.times.queryOptions({ staleTime: 0 }));
  const { refetch } = times;
  const measuring = useJob(project.id, 'estimate');
  const conditions = `${measuring?.status} ${settings?.device} ${settings?.threads}`;
  useEffect(() => void refetch(), [conditions, refetch]);
  const busy = useJobs().some(active);
  const measured = times.data?.measured;
  const train = () =>
    client.work
      .train({ id: project.id, preset, speech, device: settings?.device ?? 'auto', resume: false })
      .catch(tell);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void train();
      }}
    >
      <Stack>
        <Radio.Group
          label={project.trained ? 'Train again from the beginning' : 'How long to train'}
          description={BEGINS}
          value={preset}
          onChange={(value) => setPreset(value as Preset)}
        >
          <Stack gap="xs" mt="xs">
            {PRESETS.map(({ value, label, description }) => {
              const seconds = measured?.secondsByPreset[value];
              return (
                <Radio
                  key={value}
                  value={value}
                  label={label}
                  description={seconds === undefined ? description : `About ${aboutTime(seconds)}. ${description}`}
                />
              );
            })}
          </Stack>
        </Radio.Group>
        {project.source.hasAudio && <EncoderChoice value={speech} onChange={setSpeech} />}
        {active(measuring) && measuring ? (
          <JobProgress job={measuring} />
        ) : (
          times.isSuccess && (
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" c="dimmed">
                {measured ? measuredOn(measured) : 'How long that takes has not been measured on this computer yet.'}
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                disabled={busy}
                title={
                  busy ? 'When nothing else is running: another job would make this computer look slow' : undefined
                }
                style={{ flex: 'none' }}
                onClick={() => client.presets.measure({ id: project.id }).catch(tell)}
              >
                {measured ? 'Again' : 'Measure (about 20 s)'}
              </Button>
            </Group>
          )
        )}
        {measuring?.status === 'failed' && <JobProgress job={measuring} />}
        <div className="inspector-foot">
          <Button type="submit" variant={project.trained ? 'default' : 'filled'}>
            {project.trained ? 'Train again' : 'Train'}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function measuredOn({ device, threads }: { readonly device: string; readonly threads: number }): string {
  const place = device === 'cpu' ? 'processor' : device;
  return `Measured on this computer: ${place}, ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}
