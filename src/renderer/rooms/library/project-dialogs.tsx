import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ProjectSummary } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { NameDialog } from '../../ground/name-dialog.tsx';
import { offerUndo } from './removed-projects.tsx';

interface Props {
  readonly project: ProjectSummary;
  readonly onClose: () => void;
}

export function RenameDialog({ project, onClose }: Props) {
  const { client } = useStudio();
  return (
    <NameDialog
      title="Rename the project"
      action="Rename"
      name={project.name}
      named={(name) => client.projects.rename({ id: project.id, name })}
      onClose={onClose}
    />
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
