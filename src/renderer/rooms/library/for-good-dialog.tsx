import { Button, Group, Modal, Stack, Text } from '@mantine/core';

/** Before what lies in the trash is deleted: the one thing in the library that cannot be undone. */
export function ForGoodDialog({
  names,
  onKeep,
  onDelete,
}: {
  readonly names: readonly string[];
  readonly onKeep: () => void;
  readonly onDelete: () => void;
}) {
  const [only] = names.length === 1 ? names : [];
  return (
    <Modal
      opened
      onClose={onKeep}
      title={only === undefined ? `Delete ${names.length} projects for good?` : 'Delete this project for good?'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text>
          {names.map((name) => `“${name}”`).join(', ')}, with{' '}
          {only === undefined ? 'their videos, avatars' : 'its video, its avatar'} and exports. There is no way back.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onKeep} data-autofocus>
            Keep
          </Button>
          <Button color="red.9" onClick={onDelete}>
            Delete for good
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
