import { Group, NativeSelect, Title } from '@mantine/core';
import { Hint } from '../../../ground/hint.tsx';
import { type Store, useStore } from '../../../ground/store.ts';
import { type DeviceKind, useDevices } from '../microphone/use-devices.ts';

/** What the avatar follows live, what that does, and which of the computer's devices it is, by its id. */
export function DeviceChoice({
  kind,
  name,
  hint,
  device,
  off,
  asked,
}: {
  readonly kind: DeviceKind;
  readonly name: string;
  readonly hint: string;
  readonly device: Store<string>;
  /** Whether another may be chosen. */
  readonly off: boolean;
  /** Whether the devices may be used by now: before that they have no names. */
  readonly asked: boolean;
}) {
  const devices = useDevices(kind, asked);
  const chosen = useStore(device);
  const about = name.toLowerCase();
  return (
    <>
      <Group gap={2} wrap="nowrap">
        <Title order={2} size="h6">
          {name}
        </Title>
        <Hint about={`the ${about}`} text={hint} />
      </Group>
      <NativeSelect
        size="xs"
        aria-label={`Which ${about}`}
        disabled={!off}
        value={chosen}
        data={devices.map(({ id, name: label }) => ({ value: id, label }))}
        onChange={({ currentTarget }) => device.set(currentTarget.value)}
      />
    </>
  );
}
