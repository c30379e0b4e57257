import { Button, Group, Text } from '@mantine/core';
import { actions } from '../../../ground/actions/index.ts';
import { TAKE_COMMANDS } from '../timeline/take-names.ts';

/** The way to a video whose person drives this avatar. */
export function DriveOffer({ trained }: { readonly trained: boolean }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        style={{ flex: 'none' }}
        disabled={!trained}
        onClick={() => actions.run(TAKE_COMMANDS.drive.id)}
      >
        Drive from a video…
      </Button>
      <Text size="xs" c="dimmed">
        {trained ? 'Or drop one on the lanes: a take to edit.' : 'Once there is an avatar.'}
      </Text>
    </Group>
  );
}
