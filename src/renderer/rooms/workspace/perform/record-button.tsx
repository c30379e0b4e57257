import { Button, Group } from '@mantine/core';
import { Level } from '../microphone/level.tsx';
import { useMicrophone, useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Icon } from '../transport/icons.tsx';
import { Since } from './since.tsx';

/** Records the microphone onto the timeline, at the playhead; `meter` shows how loud it is meanwhile. */
export function RecordButton({ meter = false }: { readonly meter?: boolean }) {
  const microphone = useMicrophone();
  const state = useMicrophoneState();
  if (state.kind === 'recording') {
    return (
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" color="red" onClick={() => void microphone.stopRecording()}>
          Stop recording
        </Button>
        {meter && <Level capture={state.capture} width={70} />}
        <Since began={state.began} />
      </Group>
    );
  }
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Icon name="microphone" />}
      loading={state.kind === 'asking'}
      onClick={() => void microphone.record()}
    >
      Record
    </Button>
  );
}
