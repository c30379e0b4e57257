import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { tell } from './errors.tsx';

const STAYS_MS = 12_000;

/** Says what was removed, with undo one press away; `id` is the notice's, which `undo` hides when it is done. */
export function offerWayBack(id: string, said: string, undo: () => Promise<void>): void {
  notifications.show({
    id,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{said}</Text>
        <Button size="compact-sm" variant="default" style={{ flex: 'none' }} onClick={() => void undo().catch(tell)}>
          Undo
        </Button>
      </Group>
    ),
    autoClose: STAYS_MS,
    closeButtonProps: { 'aria-label': 'Close' },
    role: 'status',
  });
}
