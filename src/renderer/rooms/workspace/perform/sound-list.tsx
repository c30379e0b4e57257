import { ActionIcon, Anchor, Button, FileButton, Group, Menu, Progress, Stack, Text, Title } from '@mantine/core';
import type { ProjectDetail, SoundInfo } from '../../../../shared/contract/studio.ts';
import { atOnce, bringBackSound, removeSound } from '../../../../shared/domain/clips.ts';
import { heardClips } from '../../../../shared/domain/loudness.ts';
import { SOURCE_SOUND, type Take } from '../../../../shared/domain/take.ts';
import { clock } from '../../../ground/clock.ts';
import { Hint } from '../../../ground/hint.tsx';
import { newId } from '../../../take/new-id.ts';
import { useTake } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { useSoundIntake } from '../sounds/sound-intake.tsx';
import { SOUND_FILES } from '../sounds/use-file-drop.ts';
import { RecordButton } from './record-button.tsx';
import './perform.css';

/** The sounds of a project: what it can be made to say. */
export function SoundList({ project }: { readonly project: ProjectDetail }) {
  const { coming, add } = useSoundIntake();
  const { take } = useTake();
  const there = project.sounds.filter(({ id }) => !take.removed.includes(id));
  return (
    <Stack gap="xs" component="section" aria-label="Sounds">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={2} wrap="nowrap">
          <Title order={2} size="h6">
            Sounds
          </Title>
          <Hint about="sounds" text="WAV, MP3, M4A, FLAC, OGG. Dropped on the timeline they begin there." />
        </Group>
        <Group gap={4} wrap="nowrap">
          <FileButton
            multiple
            accept={SOUND_FILES}
            inputProps={{ 'aria-label': 'Add a sound file' }}
            onChange={(files) => void add(files)}
          >
            {(props) => (
              <Button variant="default" size="compact-sm" {...props}>
                Add…
              </Button>
            )}
          </FileButton>
          <RecordButton meter />
        </Group>
      </Group>
      <ul className="sounds">
        {there.map((sound) => (
          <SoundRow key={sound.id} sound={sound} />
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
      {there.length + coming.length === 0 && (
        <Text size="sm" c="dimmed">
          The video has no sound of its own. Add one, or drop it on the timeline.
        </Text>
      )}
      <AtOnce sounds={there} />
      <RemovedSounds sounds={project.sounds.filter(({ id }) => take.removed.includes(id))} />
    </Stack>
  );
}

/** Two voices at once are heard, and spoken, as one: rarely what is meant when a sound was dropped on another. */
function AtOnce({ sounds }: { readonly sounds: readonly SoundInfo[] }) {
  const { take, edit } = useTake();
  const pair = atOnce(heardClips(take))?.map((id) => sounds.find((sound) => sound.id === id));
  const [one, other] = pair ?? [];
  if (!one || !other) return null;
  const without = (gone: SoundInfo) => (before: Take) => ({
    ...before,
    clips: before.clips.filter(({ sound }) => sound !== gone.id),
  });
  return (
    <div className="finding" data-level="warning" role="status">
      <Text size="sm">
        Two at the same time: “{nameOf(one)}” and “{nameOf(other)}”.
      </Text>
      <Group gap="xs">
        {[
          [one, other],
          [other, one],
        ].map(([kept, gone]) => (
          <Anchor
            key={kept!.id}
            component="button"
            type="button"
            size="sm"
            onClick={() => edit(`say only ${kept!.name}`, without(gone!))}
          >
            Only “{nameOf(kept!)}”
          </Anchor>
        ))}
      </Group>
    </div>
  );
}

const nameOf = ({ id, name }: SoundInfo): string => (id === SOURCE_SOUND ? 'The video’s own sound' : name);

/** Where what was removed can be had again, long after the edit was one to undo. */
function RemovedSounds({ sounds }: { readonly sounds: readonly SoundInfo[] }) {
  const { edit } = useTake();
  if (sounds.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm">
          Removed ({sounds.length})
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sounds.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => edit(`bring back ${name}`, (take) => bringBackSound(take, id))}>
            Bring back {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SoundRow({ sound }: { readonly sound: SoundInfo }) {
  const { insert } = useSoundIntake();
  const transport = useTransport();
  const { take, edit } = useTake();
  const used = take.clips.some((clip) => clip.sound === sound.id);
  const only = () =>
    edit(`use only ${sound.name}`, (before) => ({
      ...before,
      range: null,
      clips: [{ id: newId(), sound: sound.id, at: 0, start: 0, seconds: sound.seconds }],
    }));
  const remove = () => edit(`remove ${sound.name}`, (before) => removeSound(before, sound.id));
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text
          size="sm"
          truncate
          title={used ? `${nameOf(sound)}, on the timeline` : nameOf(sound)}
          fw={used ? 500 : 400}
        >
          {nameOf(sound)}
        </Text>
        <Text size="xs" c="dimmed" style={{ flex: 'none' }} ml="auto">
          {clock(sound.seconds)}
        </Text>
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
                <Menu.Item onClick={remove}>{used ? 'Remove, with its clips' : 'Remove'}</Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
    </li>
  );
}
