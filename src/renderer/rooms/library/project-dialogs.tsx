import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProjectSummary } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { offerUndo } from './removed-projects.tsx';

interface Props {
  readonly project: ProjectSummary;
  readonly onClose: () => void;
}

export function RenameDialog({ project, onClose }: Props) {
  const { client } = useStudio();
  const [name, setName] = useState(project.name);
  const rename = () => client.projects.rename({ id: project.id, name }).then(onClose, tell);
  return (
    <Modal opened onClose={onClose} title="Rename the project" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            maxLength={120}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === ''}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function RemoveDialog({ project, onClose }: Props) {
  const { client } = useStudio();
  const remove = async () => {
    try {
      await client.projects.remove({ id: project.id });
      offerUndo(client, project);
      onClose();
    } catch (error) {
      tell(error);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Remove this project?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text>
          “{project.name}”, with its video, its avatar and its exports, goes to the trash of the library. Undo, or
          “Removed projects” on this page, brings it back.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="red.9" onClick={() => void remove()}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
