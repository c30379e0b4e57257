import { Alert, Button, NativeSelect, Radio, Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { host } from '../../../ground/host/index.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJobsOf } from '../../../jobs/use-job.ts';
import { go } from '../../../ground/route.ts';
import { hasSound } from '../../../../shared/domain/clips.ts';
import { useOpenTakes, useTake, useTakeEditor } from '../../../take/use-take.tsx';
import { ExportSoundChoice, type ExportSound, useUsualSound } from './export-sound.tsx';
import { Exports } from './exports.tsx';
import { WhatIsUsed } from './what-is-used.tsx';

type Mode = 'dub' | 'portrait';
const HEIGHTS = ['360', '480', '720', 'source'];
/** What each mode is mostly wanted in: the video as it is, and a small picture. */
const USUAL_HEIGHT: Readonly<Record<Mode, string>> = { dub: 'source', portrait: '360' };

/** What is on the timeline, or one sound, as a film. */
export function ExportPanel({
  project,
  onShow,
}: {
  readonly project: ProjectDetail;
  readonly onShow: (name: string) => void;
}) {
  const form = useId();
  const { client } = useStudio();
  const editor = useTakeEditor();
  const usual = useUsualSound(project);
  const [chosen, setChosen] = useState<ExportSound>();
  const [mode, setMode] = useState<Mode>('dub');
  const [heights, setHeights] = useState(USUAL_HEIGHT);
  const [sending, setSending] = useState(false);
  const { take } = useTake();
  const { id: inHand } = useOpenTakes();
  const open = project.takes.find(({ id }) => id === inHand) ?? project.takes[0]!;
  const jobs = useJobsOf(project.id, 'export');
  const frames = useJobsOf(project.id, 'frame');
  if (!project.trained)
    return (
      <Alert title="No avatar yet">
        <Stack gap="sm" align="flex-start">
          Make one in Train; then it can speak, and be exported.
          <Button size="compact-sm" onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}>
            Go to Train
          </Button>
        </Stack>
      </Alert>
    );
  const sound = chosen ?? usual;
  const missing = sound.kind === 'take' && take.clips.some((clip) => !hasSound(clip, project.sounds));
  const height = heights[mode];
  const begin = async () => {
    try {
      setSending(true);
      const audio = await audioOf(sound);
      if (!audio) return;
      if (audio.kind === 'take') {
        await editor.flush(); // the core exports the take that it knows
        if (!editor.saved) return; // and says itself why it could not be saved
      }
      await client.work.export({
        id: project.id,
        sound: audio.kind === 'take' ? { kind: 'take', take: open.id } : audio,
        mode,
        height: height === 'source' ? 'source' : Number(height),
      });
    } catch (error) {
      tell(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <Stack>
      {[...jobs, ...frames].map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <Stack>
          <ExportSoundChoice project={project} value={sound} onChange={setChosen} />
          <Radio.Group label="Picture" value={mode} onChange={(value) => setMode(value as Mode)}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="dub"
                label="Dub"
                description="The source video with a new mouth; everything else untouched."
              />
              <Radio value="portrait" label="Portrait" description="Head and shoulders over their background." />
            </Stack>
          </Radio.Group>
          <NativeSelect
            label="Height"
            value={height}
            onChange={(event) => setHeights({ ...heights, [mode]: event.currentTarget.value })}
            data={HEIGHTS.map((value) => ({
              value,
              label:
                value === 'source'
                  ? `as the source${mode === 'dub' ? `, ${project.source.height} lines` : ''}`
                  : `${value} lines`,
            }))}
          />
          <WhatIsUsed
            project={project}
            take={take}
            name={open.name}
            mode={mode}
            height={height === 'source' ? height : Number(height)}
            sound={sound.kind}
          />
          {missing && (
            <Alert color="red" title="A sound of the timeline is no longer there">
              Take its clips off the timeline, or add the sound again.
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            Every export says in its metadata, and in a file beside it, that it is synthetic, and on which consent it
            rests.
          </Text>
        </Stack>
      </form>
      <Exports project={project} onShow={onShow} />
      <div className="inspector-foot">
        <Button
          type="submit"
          form={form}
          loading={sending}
          disabled={missing || (sound.kind === 'file' && sound.file === null)}
        >
          {jobs.some(active) ? 'Export another MP4' : 'Export MP4'}
        </Button>
      </div>
    </Stack>
  );
}

/** What the core is told to let it say; a file is handed over first. */
async function audioOf(sound: ExportSound) {
  if (sound.kind !== 'file') return sound;
  return sound.file && host.take(sound.file, () => undefined);
}
