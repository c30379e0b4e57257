import { Button, Group, Stack, Text } from '@mantine/core';
import { Level } from '../microphone/level.tsx';
import { useMicrophone, useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Icon } from '../transport/icons.tsx';
import { DeviceChoice } from './device-choice.tsx';
import { RecordButton } from './record-button.tsx';

/** The avatar as somebody speaks: the microphone that it follows. */
export function MicrophonePart() {
  const microphone = useMicrophone();
  const state = useMicrophoneState();
  const on = state.kind === 'on' || state.kind === 'recording';
  return (
    <Stack gap="xs" component="section" aria-label="Microphone">
      <DeviceChoice
        kind="audioinput"
        name="Microphone"
        hint={
          'The avatar’s mouth follows your voice; head, eyes and all that is keyed go on from the playhead. ' +
          'Recorded, what you say becomes a sound on the timeline.'
        }
        device={microphone.device}
        off={state.kind === 'off'}
        asked={on}
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
