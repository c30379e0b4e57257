import { Button } from '@mantine/core';
import { useMicrophone, useMicrophoneState } from './use-microphone.tsx';

/** Says over the picture that the microphone is on, wherever one is in the workspace, and puts it off. */
export function MicrophoneSign() {
  const microphone = useMicrophone();
  const { kind } = useMicrophoneState();
  if (kind !== 'on' && kind !== 'recording') return null;
  return (
    <div className="live-sign" role="status">
      <span className="live-dot" aria-hidden />
      <span>{kind === 'recording' ? 'Recording' : 'Microphone on'}</span>
      <Button size="compact-xs" variant="white" color="dark" onClick={() => void microphone.stop()}>
        {kind === 'recording' ? 'Stop and keep' : 'Off'}
      </Button>
    </div>
  );
}
