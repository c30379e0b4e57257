import { useEffect, useState } from 'react';

/** A device to choose. */
export interface Device {
  readonly id: string;
  readonly name: string;
}

/** What the system's own choice is called, which follows its settings. */
const SYSTEMS = { audioinput: 'The system’s microphone', videoinput: 'The system’s camera' } as const;
export type DeviceKind = keyof typeof SYSTEMS;
/** Chromium lists it among the others too. */
const SYSTEMS_OWN = 'default';

/** The devices of a kind; before they may be used browsers name none of them, so `asked` looks again. */
export function useDevices(kind: DeviceKind, asked: boolean): readonly Device[] {
  const [devices, setDevices] = useState<readonly Device[]>([]);
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return;
    let gone = false;
    const look = async () => {
      const found = await media.enumerateDevices().catch(() => []);
      if (!gone) setDevices(found.flatMap((device) => deviceOf(kind, device)));
    };
    const follow = () => void look();
    follow();
    media.addEventListener('devicechange', follow);
    return () => {
      gone = true;
      media.removeEventListener('devicechange', follow);
    };
  }, [kind, asked]);
  return [{ id: '', name: SYSTEMS[kind] }, ...devices];
}

function deviceOf(wanted: DeviceKind, { kind, deviceId, label }: MediaDeviceInfo): Device[] {
  return kind === wanted && label !== '' && deviceId !== SYSTEMS_OWN ? [{ id: deviceId, name: label }] : [];
}
