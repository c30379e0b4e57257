import { LiveSign } from '../microphone/live-sign.tsx';
import { useCamera, useCameraState } from './use-camera.tsx';

/** Says over the picture that the camera is on, wherever one is in the workspace, and puts it off. */
export function CameraSign() {
  const camera = useCamera();
  const { kind } = useCameraState();
  return <LiveSign kind={kind} on="Camera on" recording="Recording the camera" onOff={() => camera.stop()} />;
}
