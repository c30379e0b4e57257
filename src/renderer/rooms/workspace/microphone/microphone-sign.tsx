import { LiveSign } from './live-sign.tsx';
import { useMicrophone, useMicrophoneState } from './use-microphone.tsx';

/** Says over the picture that the microphone is on, wherever one is in the workspace, and puts it off. */
export function MicrophoneSign() {
  const microphone = useMicrophone();
  const { kind } = useMicrophoneState();
  return <LiveSign kind={kind} on="Microphone on" recording="Recording" onOff={() => void microphone.stop()} />;
}
