import { ActionIcon, Alert, Button, CloseIcon, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ActionName, useActionRegistry } from '../../ground/actions/index.ts';
import { Keys } from '../../ground/actions/keys.tsx';
import { useSettings } from '../../ground/settings.ts';
import { KeyCapture } from './key-capture.tsx';

/** What is being changed: nothing, an action that waits for its keys, or keys that another action has. */
type Changing =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'listening'; readonly id: string }
  | { readonly kind: 'taken'; readonly id: string; readonly shortcut: string; readonly by: readonly ActionName[] };

/** Every command of the window with its keys; both can be changed. */
export function ShortcutsPage() {
  const registry = useActionRegistry();
  const { settings, change } = useSettings();
  const [search, setSearch] = useState('');
  const [changing, setChanging] = useState<Changing>({ kind: 'nothing' });
  const own = settings?.shortcuts ?? {};
  const set = (next: Record<string, readonly string[]>) =>
    change({ shortcuts: Object.fromEntries(Object.entries(next).map(([id, keys]) => [id, [...keys]])) });
  const add = (id: string, shortcut: string) =>
    set({ ...own, [id]: [...new Set([...registry.shortcutsOf(id), shortcut])] });
  const remove = (id: string, shortcut: string) =>
    set({ ...own, [id]: registry.shortcutsOf(id).filter((one) => one !== shortcut) });
  const reset = (id: string) => set(Object.fromEntries(Object.entries(own).filter(([other]) => other !== id)));
  const take = (id: string, shortcut: string, from: readonly ActionName[]) =>
    set({
      ...own,
      ...Object.fromEntries(
        from.map((other) => [other.id, registry.shortcutsOf(other.id).filter((one) => one !== shortcut)]),
      ),
      [id]: [...registry.shortcutsOf(id), shortcut],
    });
  const pressed = (id: string, shortcut: string) => {
    const by = registry.conflicts(shortcut, id);
    if (by.length > 0) return setChanging({ kind: 'taken', id, shortcut, by });
    add(id, shortcut);
    setChanging({ kind: 'nothing' });
  };
  const words = search.toLocaleLowerCase().split(/\s+/);
  const names = registry
    .names()
    .filter(({ title, group }) => words.every((word) => `${title} ${group}`.toLocaleLowerCase().includes(word)));
  const groups = Map.groupBy(names, ({ group }) => group);
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <TextInput
          placeholder="Find a command"
          aria-label="Find a command"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button variant="default" disabled={Object.keys(own).length === 0} onClick={() => set({})}>
          Reset all
        </Button>
      </Group>
      <div className="shortcuts">
        {[...groups].map(([group, actions]) => (
          <Table key={group} aria-label={group} verticalSpacing={4} layout="fixed">
            <caption>{group}</caption>
            <Table.Tbody>
              {actions.map(({ id, title }) => (
                <Table.Tr key={id}>
                  <Table.Th scope="row" fw={400}>
                    {title}
                  </Table.Th>
                  <Table.Td>
                    <Group gap={6} justify="flex-end">
                      {registry.shortcutsOf(id).map((shortcut) => (
                        <Group key={shortcut} gap={0} className="shortcut">
                          <Keys shortcut={shortcut} />
                          <ActionIcon
                            size="sm"
                            variant="subtle"
                            color="gray"
                            c="var(--mantine-color-text)"
                            aria-label={`Remove ${shortcut} from ${title}`}
                            title="Remove"
                            onClick={() => remove(id, shortcut)}
                          >
                            <CloseIcon size="12" />
                          </ActionIcon>
                        </Group>
                      ))}
                      {changing.kind === 'listening' && changing.id === id ? (
                        <KeyCapture
                          title={title}
                          onPress={(shortcut) => pressed(id, shortcut)}
                          onCancel={() => setChanging({ kind: 'nothing' })}
                        />
                      ) : (
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={`Add a shortcut for ${title}`}
                          onClick={() => setChanging({ kind: 'listening', id })}
                        >
                          Add…
                        </Button>
                      )}
                      {id in own && (
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          aria-label={`Reset ${title}`}
                          onClick={() => reset(id)}
                        >
                          Reset
                        </Button>
                      )}
                    </Group>
                    {changing.kind === 'taken' && changing.id === id && (
                      <Alert mt={6} p="xs" color="orange" role="alert">
                        <Stack gap={6}>
                          <Text size="sm">
                            <Keys shortcut={changing.shortcut} /> is for{' '}
                            {changing.by.map((other) => `“${other.title}”`).join(', ')}.
                          </Text>
                          <Group gap={6}>
                            <Button
                              size="compact-xs"
                              variant="default"
                              onClick={() => {
                                take(id, changing.shortcut, changing.by);
                                setChanging({ kind: 'nothing' });
                              }}
                            >
                              Use it here instead
                            </Button>
                            <Button size="compact-xs" variant="subtle" onClick={() => setChanging({ kind: 'nothing' })}>
                              Keep
                            </Button>
                          </Group>
                        </Stack>
                      </Alert>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ))}
        {names.length === 0 && <Text c="dimmed">Nothing is called that.</Text>}
      </div>
    </Stack>
  );
}
