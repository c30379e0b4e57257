import { useEffect, useState } from 'react';

/** A microphone to choose. */
export interface Device {
  readonly id: string;
  readonly name: string;
}

/** The system's own choice, which follows its settings. */
const SYSTEM: Device = { id: '', name: 'The system’s microphone' };
/** Chromium lists it among the others too. */
const SYSTEMS_OWN = 'default';

/** The microphones there are; before they may be used browsers name none of them, so `asked` looks again. */
export function useDevices(asked: boolean): readonly Device[] {
  const [devices, setDevices] = useState<readonly Device[]>([SYSTEM]);
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return;
    let gone = false;
    const look = async () => {
      const found = await media.enumerateDevices().catch(() => []);
      if (!gone) setDevices([SYSTEM, ...found.flatMap(deviceOf)]);
    };
    const follow = () => void look();
    follow();
    media.addEventListener('devicechange', follow);
    return () => {
      gone = true;
      media.removeEventListener('devicechange', follow);
    };
  }, [asked]);
  return devices;
}

function deviceOf({ kind, deviceId, label }: MediaDeviceInfo): Device[] {
  return kind === 'audioinput' && label !== '' && deviceId !== SYSTEMS_OWN ? [{ id: deviceId, name: label }] : [];
}
