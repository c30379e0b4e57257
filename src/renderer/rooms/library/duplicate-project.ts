import { notifications } from '@mantine/notifications';
import type { ProjectSummary } from '../../../shared/contract/studio.ts';
import type { StudioClient } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';

/** Another project with all that it has; its files take their time, and a notice says so until they are there. */
export function duplicateProject(client: StudioClient, { id, name }: ProjectSummary): void {
  const notice = notifications.show({
    message: `Duplicating “${name}”…`,
    loading: true,
    autoClose: false,
    withCloseButton: false,
    role: 'status',
  });
  client.projects
    .duplicate({ id })
    .then(
      (copy) =>
        notifications.show({
          message: `“${copy.name}” is there, without the films.`,
          closeButtonProps: { 'aria-label': 'Close' },
          role: 'status',
        }),
      tell,
    )
    .finally(() => notifications.hide(notice));
}
