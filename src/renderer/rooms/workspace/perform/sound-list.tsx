import { ActionIcon, Button, FileButton, Group, Menu, Progress, Stack, Text, Title } from '@mantine/core';
import type { ProjectDetail, SoundInfo } from '../../../../shared/contract/studio.ts';
import { SOURCE_SOUND } from '../../../../shared/domain/take.ts';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { newId } from '../../../take/new-id.ts';
import { useTake, useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { useSoundIntake } from '../sounds/sound-intake.tsx';
import { SOUND_FILES } from '../sounds/use-sound-drop.ts';
import { RecordButton } from './record-button.tsx';
import './perform.css';

/** The sounds of a project: what it can be made to say. */
export function SoundList({ project }: { readonly project: ProjectDetail }) {
  const { coming, add } = useSoundIntake();
  return (
    <Stack gap="xs" component="section" aria-label="Sounds">
      <Title order={2} size="h5">
        Sounds
      </Title>
      <ul className="sounds">
        {project.sounds.map((sound) => (
          <SoundRow key={sound.id} projectId={project.id} sound={sound} />
        ))}
        {coming.map(({ key, name, share }) => (
          <li key={key} role="status">
            <Text size="sm" truncate>
              {share < 1 ? `Copying ${name}` : `Reading ${name}…`}
            </Text>
            <Progress value={share * 100} animated={share >= 1} aria-label={`Adding ${name}`} mt={4} />
          </li>
        ))}
      </ul>
      {project.sounds.length + coming.length === 0 && (
        <Text size="sm" c="dimmed">
          The video has no sound of its own. Add one, or drop it on the timeline.
        </Text>
      )}
      <Group gap="xs">
        <FileButton
          multiple
          accept={SOUND_FILES}
          inputProps={{ 'aria-label': 'Add a sound file' }}
          onChange={(files) => void add(files)}
        >
          {(props) => (
            <Button variant="default" size="compact-sm" {...props}>
              Add a sound…
            </Button>
          )}
        </FileButton>
        <RecordButton />
      </Group>
      <Text size="xs" c="dimmed">
        WAV, MP3, M4A, FLAC, OGG: or drop them on the timeline.
      </Text>
    </Stack>
  );
}

function SoundRow({ projectId, sound }: { readonly projectId: string; readonly sound: SoundInfo }) {
  const { client } = useStudio();
  const { insert } = useSoundIntake();
  const transport = useTransport();
  const editor = useTakeEditor();
  const { take, edit } = useTake();
  const used = take.clips.some((clip) => clip.sound === sound.id);
  const only = () =>
    edit(`use only ${sound.name}`, (before) => ({
      ...before,
      range: null,
      clips: [{ id: newId(), sound: sound.id, at: 0, start: 0, seconds: sound.seconds }],
    }));
  const remove = async () => {
    try {
      await editor.flush(); // the core refuses while the take that it knows uses it
      await client.sounds.remove({ id: projectId, sound: sound.id });
    } catch (error) {
      tell(error);
    }
  };
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" truncate title={sound.name}>
            {sound.id === SOURCE_SOUND ? 'The video’s own sound' : sound.name}
          </Text>
          <Text size="xs" c="dimmed">
            {timecode(sound.seconds)}
            {used ? ' · on the timeline' : ''}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => insert(sound, transport.frames.floor(transport.now()))}
            aria-label={`Insert ${sound.name} at the playhead`}
          >
            Insert
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`More about ${sound.name}`}>
                ⋯
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={only}>Use only this</Menu.Item>
              <Menu.Item onClick={() => insert(sound)}>Insert behind the others</Menu.Item>
              {sound.id !== SOURCE_SOUND && (
                <Menu.Item color="red" disabled={used} onClick={() => void remove()}>
                  {used ? 'Remove (it is on the timeline)' : 'Remove'}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
    </li>
  );
}
