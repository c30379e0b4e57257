import { Button } from '@mantine/core';
import { useCamera, useCameraState } from './use-camera.tsx';

/** Says over the picture that the camera is on, wherever one is in the workspace, and puts it off. */
export function CameraSign() {
  const camera = useCamera();
  const { kind } = useCameraState();
  if (kind !== 'on' && kind !== 'recording') return null;
  return (
    <div className="live-sign" role="status">
      <span className="live-dot" aria-hidden />
      <span>{kind === 'recording' ? 'Recording the camera' : 'Camera on'}</span>
      <Button size="compact-xs" variant="white" color="dark" onClick={() => camera.stop()}>
        {kind === 'recording' ? 'Stop and keep' : 'Off'}
      </Button>
    </div>
  );
}
