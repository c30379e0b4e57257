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
import { ForGoodDialog } from './for-good-dialog.tsx';

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
  notToUndo([id]);
}

function notToUndo(ids: readonly string[]): void {
  removedHere.set(removedHere.get().filter(({ id }) => !ids.includes(id)));
  for (const id of ids) notifications.hide(noticeOf(id));
}

type Open =
  { readonly kind: 'nothing' } | { readonly kind: 'list' } | { readonly kind: 'asking'; readonly of: readonly Named[] };

/** The library's trash: what was removed, each with the way back, or out for good. Nothing while it is empty. */
export function RemovedProjects() {
  const { client, queries } = useStudio();
  const [open, setOpen] = useState<Open>({ kind: 'nothing' });
  const trashed = useQuery(queries.projects.trashed.queryOptions()).data ?? [];
  const last = useStore(removedHere).at(-1);
  const some = trashed.length > 0;
  useActions([
    {
      id: 'edit.undo',
      title: 'Undo',
      group: 'Edit',
      shortcuts: ['Mod+Z'],
      enabled: last !== undefined,
      run: () => last && void bringBack(client, last.id).catch(tell),
    },
    {
      id: 'library.trash',
      title: 'Removed projects…',
      group: 'Library',
      enabled: some,
      run: () => setOpen({ kind: 'list' }),
    },
    {
      id: 'library.restore',
      title: 'Bring back the project that was removed last',
      group: 'Library',
      enabled: some,
      run: () => void bringBack(client, trashed[0]!.id).catch(tell),
    },
    {
      id: 'library.empty-trash',
      title: 'Empty the trash…',
      group: 'Library',
      enabled: some,
      run: () => setOpen({ kind: 'asking', of: trashed }),
    },
  ]);
  if (!some) return null;
  const close = () => setOpen({ kind: 'nothing' });
  const deleteForGood = async (projects: readonly Named[]) => {
    try {
      for (const { id } of projects) await client.projects.emptyTrash({ id });
      close();
    } catch (error) {
      tell(error);
    } finally {
      notToUndo(projects.map(({ id }) => id));
    }
  };
  return (
    <>
      <Group justify="center">
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setOpen({ kind: 'list' })}>
          Removed projects ({trashed.length})
        </Button>
      </Group>
      <Modal
        opened={open.kind === 'list'}
        onClose={close}
        title="Removed projects"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Stack component="ul" className="plain-list" gap="sm">
            {trashed.map((project) => (
              <Removed
                key={project.id}
                project={project}
                onBack={() => void bringBack(client, project.id).catch(tell)}
                onDelete={() => setOpen({ kind: 'asking', of: [project] })}
              />
            ))}
          </Stack>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen({ kind: 'asking', of: trashed })}>
              Empty the trash…
            </Button>
          </Group>
        </Stack>
      </Modal>
      {open.kind === 'asking' && (
        <ForGoodDialog
          names={open.of.map(({ name }) => name)}
          onKeep={close}
          onDelete={() => void deleteForGood(open.of)}
        />
      )}
    </>
  );
}

function Removed({
  project: { name, deletedAt },
  onBack,
  onDelete,
}: {
  readonly project: TrashedProject;
  readonly onBack: () => void;
  readonly onDelete: () => void;
}) {
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          removed {new Date(deletedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap" style={{ flex: 'none' }}>
        <Button size="compact-sm" variant="default" aria-label={`Bring back ${name}`} onClick={onBack}>
          Bring back
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-label={`Delete ${name} for good`}
          onClick={onDelete}
        >
          Delete…
        </Button>
      </Group>
    </Group>
  );
}
