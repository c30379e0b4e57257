import { Button } from '@mantine/core';

/** Says over the picture that a device is on, and puts it off. */
export function LiveSign({
  kind,
  on,
  recording,
  onOff,
}: {
  readonly kind: string;
  /** What it says while the device is on. */
  readonly on: string;
  readonly recording: string;
  readonly onOff: () => void;
}) {
  if (kind !== 'on' && kind !== 'recording') return null;
  return (
    <div className="live-sign" role="status">
      <span className="live-dot" aria-hidden />
      <span>{kind === 'recording' ? recording : on}</span>
      <Button size="compact-xs" variant="white" color="dark" onClick={onOff}>
        {kind === 'recording' ? 'Stop and keep' : 'Off'}
      </Button>
    </div>
  );
}
