import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { tell } from '../../../ground/errors.tsx';
import { Store, useStore } from '../../../ground/store.ts';
import { useLiveAvatar } from '../../../live/live-provider.tsx';
import { useSoundIntake } from '../sounds/sound-intake.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { openCapture } from './capture.ts';
import { Microphone, type MicrophoneState } from './microphone.ts';

const MicrophoneContext = createContext<Microphone | undefined>(undefined);

/** One microphone for a workspace. What is played puts it off: it would hear that. */
export function MicrophoneProvider({ children }: { readonly children: ReactNode }) {
  const avatar = useLiveAvatar();
  const transport = useTransport();
  const { add } = useSoundIntake();
  const [newest] = useState(() => new Store({ avatar, add }));
  useEffect(() => newest.set({ avatar, add }), [newest, avatar, add]);
  const [microphone] = useState(
    () =>
      new Microphone({
        open: openCapture,
        avatar: () => newest.get().avatar,
        rest: () => {
          transport.pause();
          return transport.frames.floor(transport.now());
        },
        keep: (file, at) => newest.get().add([file], at),
        failed: tell,
      }),
  );
  useEffect(
    () => transport.subscribe(() => transport.state.playback.kind === 'playing' && void microphone.stop()),
    [transport, microphone],
  );
  useEffect(() => () => microphone.close(), [microphone]);
  return <MicrophoneContext.Provider value={microphone}>{children}</MicrophoneContext.Provider>;
}

export function useMicrophone(): Microphone {
  const microphone = useContext(MicrophoneContext);
  if (!microphone) throw new Error('useMicrophone is used outside a workspace');
  return microphone;
}

export function useMicrophoneState(): MicrophoneState {
  return useStore(useMicrophone().state);
}
