import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { Hint } from '../../../ground/hint.tsx';
import { useStore } from '../../../ground/store.ts';
import { Level } from '../microphone/level.tsx';
import { useDevices } from '../microphone/use-devices.ts';
import { useMicrophone, useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Icon } from '../transport/icons.tsx';
import { RecordButton } from './record-button.tsx';

/** The avatar as somebody speaks: the microphone that it follows. */
export function MicrophonePart() {
  const microphone = useMicrophone();
  const state = useMicrophoneState();
  const device = useStore(microphone.device);
  const on = state.kind === 'on' || state.kind === 'recording';
  const devices = useDevices('audioinput', on);
  return (
    <Stack gap="xs" component="section" aria-label="Microphone">
      <Group gap={2} wrap="nowrap">
        <Title order={2} size="h6">
          Microphone
        </Title>
        <Hint
          about="the microphone"
          text={
            'The avatar’s mouth follows your voice; head, eyes and all that is keyed go on from the playhead. ' +
            'Recorded, what you say becomes a sound on the timeline.'
          }
        />
      </Group>
      <NativeSelect
        size="xs"
        aria-label="Which microphone"
        disabled={state.kind !== 'off'}
        value={device}
        data={devices.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={({ currentTarget }) => microphone.device.set(currentTarget.value)}
      />
      <Level capture={on ? state.capture : null} />
      <Group gap="xs" wrap="nowrap">
        {on ? (
          <Button size="compact-sm" variant="light" onClick={() => void microphone.stop()}>
            Microphone off
          </Button>
        ) : (
          <Button
            size="compact-sm"
            leftSection={<Icon name="microphone" />}
            loading={state.kind === 'asking'}
            onClick={() => void microphone.start()}
          >
            Microphone on
          </Button>
        )}
        <RecordButton />
      </Group>
      <Text size="sm" c="dimmed">
        Your browser or system asks whether Likeness may listen. It listens only while this is on, and what it hears
        stays on this computer.
      </Text>
    </Stack>
  );
}
