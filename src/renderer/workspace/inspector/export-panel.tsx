import { Alert, Anchor, Button, FileInput, Group, NativeSelect, Radio, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../app/connection.tsx';
import { tell } from '../../app/errors.tsx';
import { host } from '../../host/host.ts';
import { media } from '../../host/media.ts';
import { JobProgress } from '../jobs/job-progress.tsx';
import { active, useJob } from '../jobs/use-job.ts';

type Mode = 'dub' | 'portrait';
const HEIGHTS = ['360', '480', '720', 'source'];

/** Give the avatar a voice and write the film. */
export function ExportPanel({ project, onShow }: { readonly project: ProjectDetail; readonly onShow: (name: string) => void }) {
  const { client } = useStudio();
  const [audio, setAudio] = useState<File | null>(null);
  const [mode, setMode] = useState<Mode>('dub');
  const [height, setHeight] = useState('360');
  const [sending, setSending] = useState(false);
  const job = useJob(project.id, 'export');
  if (!project.trained) return <Alert title="Not trained yet">Train the avatar first; then it can speak.</Alert>;
  const begin = async () => {
    try {
      setSending(true);
      const sound = audio ? await host.take(audio, () => undefined) : { kind: 'source' as const };
      await client.work.export({ id: project.id, audio: sound, mode, height: mode === 'dub' || height === 'source' ? 'source' : Number(height) });
    } catch (error) {
      tell(error);
    } finally {
      setSending(false);
    }
  };
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <Stack>
          <FileInput label="What it says" description="A sound file with speech. Left empty, the video's own sound." placeholder="WAV, MP3, M4A, FLAC…" accept="audio/*" value={audio} onChange={setAudio} clearable clearButtonProps={{ 'aria-label': "Use the video's own sound" }} />
          <Radio.Group label="Picture" value={mode} onChange={(value) => setMode(value as Mode)}>
            <Stack gap="xs" mt="xs">
              <Radio value="dub" label="Dub" description="The source video with a new mouth; everything else untouched." />
              <Radio value="portrait" label="Portrait" description="Head and shoulders over their background." />
            </Stack>
          </Radio.Group>
          {mode === 'portrait' && <NativeSelect label="Height" value={height} onChange={(event) => setHeight(event.currentTarget.value)} data={HEIGHTS.map((value) => ({ value, label: value === 'source' ? 'as the source' : `${value} lines` }))} />}
          <Text size="sm" c="dimmed">
            Every export says in its metadata, and in a file beside it, that it is synthetic, and on which consent it rests.
          </Text>
          <Button type="submit" loading={sending || active(job)}>
            Export MP4
          </Button>
        </Stack>
      </form>
      {job && <JobProgress job={job} />}
      {project.exports.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Exports">
          <Title order={2} size="h5">
            Exports
          </Title>
          {project.exports.map((file) => (
            <Group key={file.name} justify="space-between" wrap="nowrap">
              <Anchor component="button" type="button" size="sm" truncate title={file.name} onClick={() => onShow(file.name)}>
                {titleOf(file)}
              </Anchor>
              <Anchor size="sm" className="download" href={media.download(project.id, file.name)}>
                Download, {(file.bytes / 1e6).toFixed(1)} MB
              </Anchor>
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

/** "Dub, 21 Nov, 11:43": what it is and when it was made, in the person's own way of writing dates. */
function titleOf({ name, createdAt }: ProjectDetail['exports'][number]): string {
  const when = new Date(createdAt).toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  return `${name.startsWith('dub ') ? 'Dub' : name.startsWith('portrait ') ? 'Portrait' : name}, ${when}`;
}
