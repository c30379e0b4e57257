import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useRef } from 'react';
import { TrainerCard } from '../set-up/trainer-card.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { active } from '../../jobs/use-job.ts';
import { refuse, useImport, VIDEO_FILES } from './import-queue.tsx';
import { useSample } from './use-sample.ts';

const ADVICE = [
  ['Twenty seconds or more', 'of one person talking; two minutes are better.'],
  ['Face to the camera', 'well lit, near enough to fill a third of the picture, nothing in front of it.'],
  ['One take', 'with clear sound and a camera that stands still.'],
] as const;

/** An empty library: one place to drop a video, what kind of video works, and somebody to try it with. */
export function FirstRun() {
  const add = useImport();
  const openFiles = useRef<() => void>(null);
  const { job, begin } = useSample();
  return (
    <Stack gap="xl" className="first-run">
      <Dropzone
        openRef={openFiles}
        accept={VIDEO_FILES}
        onDrop={add}
        onReject={refuse}
        activateOnClick={false}
        tabIndex={-1}
        className="drop-first"
        data-testid="drop-zone"
      >
        <Stack align="center" gap="md">
          <Title order={2} ta="center">
            Drop a video of one person talking
          </Title>
          <Text c="dimmed" ta="center" maw={520}>
            Likeness learns how their face moves when they speak, and makes it say what you record. Everything stays on
            this computer.
          </Text>
          <Button size="md" onClick={() => openFiles.current?.()} style={{ pointerEvents: 'all' }}>
            Choose a video…
          </Button>
          <Text size="sm" c="dimmed">
            mp4, mov, mkv, webm, avi
          </Text>
        </Stack>
      </Dropzone>
      <TrainerCard need="Learning from a video" />
      <Stack component="section" aria-label="What kind of video works best" gap="md">
        <Title order={3} size="h6">
          What works best
        </Title>
        <ul className="advice">
          {ADVICE.map(([what, why]) => (
            <li key={what}>
              <strong>{what}</strong> {why}
            </li>
          ))}
        </ul>
      </Stack>
      <Group
        justify="space-between"
        align="center"
        wrap="nowrap"
        className="try-sample"
        component="section"
        aria-label="Sample"
      >
        <Stack gap={2}>
          <Text fw={600}>No video at hand?</Text>
          <Text size="sm" c="dimmed">
            The sample person is nobody: Likeness draws her, with her own voice, in a minute or two, and checks the
            video. Her instant avatar, which is there within a minute of that, talks.
          </Text>
        </Stack>
        {active(job) ? null : (
          <Button variant="default" onClick={begin} style={{ flex: 'none' }}>
            Try it with the sample person
          </Button>
        )}
      </Group>
      {job && <JobProgress job={job} />}
    </Stack>
  );
}
