import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { tell } from '../../../ground/errors.tsx';
import { Store, useStore } from '../../../ground/store.ts';
import { useLiveAvatar } from '../../../live/live-provider.tsx';
import { newId } from '../../../take/new-id.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { useTransport } from '../transport/use-transport.tsx';
import { Camera, type CameraState } from './camera.ts';
import { openCamera } from './capture.ts';

const CameraContext = createContext<Camera | undefined>(undefined);

/** One camera for a workspace. What is played puts it off: the picture is the take's then. */
export function CameraProvider({ children }: { readonly children: ReactNode }) {
  const avatar = useLiveAvatar();
  const editor = useTakeEditor();
  const transport = useTransport();
  const [newest] = useState(() => new Store({ avatar, editor }));
  useEffect(() => newest.set({ avatar, editor }), [newest, avatar, editor]);
  const [camera] = useState(
    () =>
      new Camera({
        open: openCamera,
        avatar: () => newest.get().avatar,
        rest: () => {
          transport.pause();
          return transport.frames.floor(transport.now());
        },
        edit: (change) => newest.get().editor.edit('recording of the camera', change),
        newId,
        failed: tell,
      }),
  );
  useEffect(
    () => transport.subscribe(() => transport.state.playback.kind === 'playing' && camera.stop()),
    [transport, camera],
  );
  useEffect(() => () => camera.close(), [camera]);
  return <CameraContext.Provider value={camera}>{children}</CameraContext.Provider>;
}

export function useCamera(): Camera {
  const camera = useContext(CameraContext);
  if (!camera) throw new Error('useCamera is used outside a workspace');
  return camera;
}

export function useCameraState(): CameraState {
  return useStore(useCamera().state);
}
