import { Button, Chip, Group, Stack, Text } from '@mantine/core';
import { CAMERA_PARTS, type CameraPart } from '../../../../shared/contract/live-camera.ts';
import { useStore } from '../../../ground/store.ts';
import type { Sight } from '../camera/camera.ts';
import { CameraPreview } from '../camera/camera-preview.tsx';
import { useCamera, useCameraState } from '../camera/use-camera.tsx';
import { useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Icon } from '../transport/icons.tsx';
import { CameraRecord } from './camera-record.tsx';
import { DeviceChoice } from './device-choice.tsx';

const PARTS: Readonly<Record<CameraPart, string>> = {
  head: 'Head',
  gaze: 'Gaze',
  brows: 'Brows',
  mouth: 'Mouth',
  blinks: 'Blinks',
  place: 'Place',
  shoulders: 'Shoulders',
};
const SIGHTS: Readonly<Record<Sight, string>> = {
  yet: 'Starting…',
  calm: 'Look at the camera with a calm face.',
  face: 'Your face is seen.',
  none: 'No face is seen.',
};

/** The avatar as somebody moves: the camera that it follows. */
export function CameraPart() {
  const camera = useCamera();
  const state = useCameraState();
  const sight = useStore(camera.sight);
  const on = state.kind === 'on' || state.kind === 'recording';
  return (
    <Stack gap="xs" component="section" aria-label="Camera">
      <DeviceChoice
        kind="videoinput"
        name="Camera"
        hint={
          'The avatar does what you do, as far as this person goes. All is measured from a second in which you ' +
          'look at the camera with a calm face: the first, or when you press Calm face. Recorded, it is keyframes.'
        }
        device={camera.device}
        off={state.kind === 'off'}
        asked={on}
      />
      <Driven />
      {on && (
        <Group gap="xs" wrap="nowrap" align="center">
          <CameraPreview stream={state.capture.stream} />
          <Text size="sm" role="status">
            {SIGHTS[sight]}
          </Text>
        </Group>
      )}
      <Group gap="xs">
        {on ? (
          <Button size="compact-sm" variant="light" onClick={() => camera.stop()}>
            Camera off
          </Button>
        ) : (
          <Button
            size="compact-sm"
            leftSection={<Icon name="camera" />}
            loading={state.kind === 'asking'}
            onClick={() => void camera.start()}
          >
            Camera on
          </Button>
        )}
        {on && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={sight === 'yet' || sight === 'calm'}
            onClick={() => camera.calm()}
          >
            Calm face
          </Button>
        )}
        {on && <CameraRecord />}
      </Group>
      {!on && (
        <Text size="sm" c="dimmed">
          Your browser or system asks whether Likeness may see. It looks only while this is on, and what it sees stays
          on this computer.
        </Text>
      )}
    </Stack>
  );
}

/** Which parts of the avatar are the camera's. */
function Driven() {
  const camera = useCamera();
  const parts = useStore(camera.parts);
  const { kind } = useMicrophoneState();
  const spoken = kind === 'on' || kind === 'recording';
  return (
    <Group gap={4} role="group" aria-label="What the camera drives">
      {CAMERA_PARTS.map((part) => (
        <Chip
          key={part}
          size="xs"
          styles={{ label: { paddingInline: 8 } }}
          checked={parts[part] && !(part === 'mouth' && spoken)}
          disabled={part === 'mouth' && spoken} // the microphone has it
          onChange={(checked) => camera.drive(part, checked)}
        >
          {PARTS[part]}
        </Chip>
      ))}
    </Group>
  );
}
