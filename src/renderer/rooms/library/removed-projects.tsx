import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TrashedProject } from '../../../shared/contract/studio.ts';
import { useActions } from '../../ground/actions/index.ts';
import { type StudioClient, useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { Store, useStore } from '../../ground/store.ts';
import { offerWayBack } from '../../ground/way-back.tsx';

type Named = Pick<TrashedProject, 'id' | 'name'>;

/** What this window removed and did not bring back, the last one last: what undo means in the library. */
const removedHere = new Store<readonly Named[]>([]);

/** After a project was removed: undo is one press away, and for as long as this window is open one key. */
export function offerUndo(client: StudioClient, { id, name }: Named): void {
  removedHere.set([...removedHere.get(), { id, name }]);
  offerWayBack(noticeOf(id), `“${name}” was removed.`, () => bringBack(client, id));
}

const noticeOf = (id: string): string => `removed ${id}`;

async function bringBack(client: StudioClient, id: string): Promise<void> {
  await client.projects.bringBack({ id });
  removedHere.set(removedHere.get().filter((one) => one.id !== id));
  notifications.hide(noticeOf(id));
}

/** The library's trash: what was removed, each with the way back. Nothing while it is empty. */
export function RemovedProjects() {
  const { client, queries } = useStudio();
  const [open, setOpen] = useState(false);
  const trashed = useQuery(queries.projects.trashed.queryOptions()).data ?? [];
  const last = useStore(removedHere).at(-1);
  useActions([
    {
      id: 'edit.undo',
      title: 'Undo',
      group: 'Edit',
      shortcuts: ['Mod+Z'],
      enabled: last !== undefined,
      run: () => last && void bringBack(client, last.id).catch(tell),
    },
  ]);
  if (trashed.length === 0) return null;
  return (
    <>
      <Group justify="center">
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setOpen(true)}>
          Removed projects ({trashed.length})
        </Button>
      </Group>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="Removed projects"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack component="ul" className="plain-list" gap="sm">
          {trashed.map(({ id, name, deletedAt }) => (
            <Group key={id} component="li" justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} truncate title={name}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed">
                  removed {new Date(deletedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
                </Text>
              </div>
              <Button
                size="compact-sm"
                variant="default"
                style={{ flex: 'none' }}
                aria-label={`Bring back ${name}`}
                onClick={() => void bringBack(client, id).catch(tell)}
              >
                Bring back
              </Button>
            </Group>
          ))}
        </Stack>
      </Modal>
    </>
  );
}
