import { Alert, Button, Radio, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Preset } from '../../../shared/contract/trainer.ts';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../app/connection.tsx';
import { tell } from '../../app/errors.tsx';
import { useNotices } from '../../app/notices.tsx';
import { JobProgress } from '../jobs/job-progress.tsx';
import { active, useJob } from '../jobs/use-job.ts';
import { TrainingChart } from './training-chart.tsx';

const PRESETS: readonly { readonly value: Preset; readonly label: string; readonly description: string }[] = [
  { value: 'demo', label: 'Demo', description: 'A few minutes on two processor cores: to see that it works.' },
  { value: 'draft', label: 'Draft', description: 'About a quarter of an hour on two cores.' },
  { value: 'standard', label: 'Standard', description: 'Meant for about an hour on two cores.' },
  { value: 'full', label: 'Full', description: 'For a computer with an NVIDIA graphics card.' },
];

/** Choose how long to train, watch it get better, stop and go on. */
export function TrainPanel({ project, onPreview }: { readonly project: ProjectDetail; readonly onPreview: (path: string) => void }) {
  const { client } = useStudio();
  const [preset, setPreset] = useState<Preset>('draft');
  const job = useJob(project.id, 'train');
  useNotices((notice) => {
    if (notice.kind === 'trainer' && notice.projectId === project.id && notice.event.type === 'preview') onPreview(notice.event.path.split(/[\\/]/).at(-1) ?? '');
  });
  if (!project.report) return <Alert title="Not checked yet">Let Likeness check the video first, under Source.</Alert>;
  const train = () => client.work.train({ id: project.id, preset, device: 'auto', resume: false }).catch(tell);
  return (
    <Stack>
      {!active(job) && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void train();
          }}
        >
          <Stack>
            <Radio.Group label="How long to train" value={preset} onChange={(value) => setPreset(value as Preset)}>
              <Stack gap="xs" mt="xs">
                {PRESETS.map((option) => (
                  <Radio key={option.value} value={option.value} label={option.label} description={option.description} />
                ))}
              </Stack>
            </Radio.Group>
            <Button type="submit">{project.trained ? 'Train again' : 'Train'}</Button>
          </Stack>
        </form>
      )}
      {job && <JobProgress job={job} />}
      <TrainingChart projectId={project.id} />
      {project.quality && <HeldOut quality={project.quality} />}
    </Stack>
  );
}

function HeldOut({ quality }: { readonly quality: NonNullable<ProjectDetail['quality']> }) {
  const rows = [
    ['This avatar', quality.psnr],
    ['Nearest frame', quality.baselines.nearest.psnr],
    ['Warped frame', quality.baselines.warp.psnr],
  ] as const;
  return (
    <Stack gap="xs" component="section" aria-label="Held-out quality">
      <Title order={2} size="h5">
        On {quality.frames} frames it never saw
      </Title>
      <Table withRowBorders={false} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>PSNR, dB</Table.Th>
            <Table.Th>whole</Table.Th>
            <Table.Th>face</Table.Th>
            <Table.Th>mouth</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, psnr]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{psnr.head.toFixed(1)}</Table.Td>
              <Table.Td>{psnr.face.toFixed(1)}</Table.Td>
              <Table.Td>{psnr.mouth.toFixed(1)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {quality.apertureR !== null && <Text size="sm">Mouth opening driven by the sound: r = {quality.apertureR.toFixed(2)}</Text>}
    </Stack>
  );
}
