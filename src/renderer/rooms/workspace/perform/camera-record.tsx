import { Button, Group } from '@mantine/core';
import { useCamera, useCameraState } from '../camera/use-camera.tsx';
import { useMicrophone, useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Since } from './since.tsx';

/** Records what the camera drives into lanes, and what the microphone hears with it where that is on. */
export function CameraRecord() {
  const camera = useCamera();
  const state = useCameraState();
  const microphone = useMicrophone();
  const hears = useMicrophoneState().kind === 'on';
  if (state.kind === 'recording') {
    return (
      <Group gap="xs" wrap="nowrap">
        <Button
          size="compact-sm"
          color="red"
          onClick={() => {
            camera.stopRecording();
            void microphone.stopRecording();
          }}
        >
          Stop recording
        </Button>
        <Since began={state.began} />
      </Group>
    );
  }
  return (
    <Button
      variant="default"
      size="compact-sm"
      disabled={state.kind !== 'on'}
      onClick={() => {
        if (hears) void microphone.record();
        camera.record();
      }}
    >
      {hears ? 'Record both' : 'Record the camera'}
    </Button>
  );
}
