import { Modal } from '@mantine/core';
import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useActionRegistry } from '../ground/actions/index.ts';
import { Keys } from '../ground/actions/keys.tsx';
import { useStudio } from '../ground/connection.tsx';
import { overPage, useOverPage } from '../ground/over-page.ts';
import { go } from '../ground/route.ts';

const [store, spotlight] = createSpotlight();

interface Choice {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly shortcut?: string | undefined;
  run(): void;
}

/** Every command that can be given now, and every project, by a few letters of its name. */
export function Palette() {
  const opened = useOverPage().kind === 'palette';
  const [query, setQuery] = useState('');
  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened]);
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={() => overPage.get().kind === 'palette' && overPage.close()}
      closeOnActionTrigger={false}
      scrollable
      maxHeight="min(440px, 70vh)"
      centered={false}
      clearQueryOnClose
    >
      <Modal.Title className="visually-hidden">Commands and projects</Modal.Title>
      <Spotlight.Search placeholder="A command, or a project" aria-label="Find a command or a project" />
      {opened && <Choices query={query} />}
    </Spotlight.Root>
  );
}

function Choices({ query }: { readonly query: string }) {
  const found = useChoices().filter((choice) => fits(choice, query));
  const groups = Map.groupBy(
    found.toSorted((a, b) => Number(!isNamed(a, query)) - Number(!isNamed(b, query))),
    ({ group }) => group,
  );
  return (
    <Spotlight.ActionsList aria-label="Commands and projects">
      {[...groups].map(([group, choices]) => (
        <Spotlight.ActionsGroup key={group} label={group}>
          {choices.map((choice) => (
            <Spotlight.Action
              key={choice.id}
              label={choice.title}
              rightSection={choice.shortcut === undefined ? undefined : <Keys shortcut={choice.shortcut} />}
              onClick={() => {
                overPage.close(); // first: the command may open something of its own
                choice.run();
              }}
            />
          ))}
        </Spotlight.ActionsGroup>
      ))}
      {groups.size === 0 && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
    </Spotlight.ActionsList>
  );
}

function useChoices(): readonly Choice[] {
  const registry = useActionRegistry();
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions()).data ?? [];
  return [
    ...registry
      .offered()
      .filter(({ id }) => id !== 'window.palette')
      .map(({ id, title, group }) => ({
        id,
        title,
        group,
        shortcut: registry.shortcutsOf(id)[0],
        run: () => registry.run(id),
      })),
    ...projects.map(({ id, name, trained }) => ({
      id: `open ${id}`,
      title: name,
      group: 'Projects',
      run: () => go({ kind: 'project', id, step: trained ? 'perform' : 'source' }),
    })),
  ];
}

/** Every word asked for is somewhere in the name or its group. */
function fits({ title, group }: Choice, query: string): boolean {
  return hasWords(`${title} ${group}`, query);
}

/** In the name itself: Enter is for what is called so, not for what stands in a group of that name. */
function isNamed({ title }: Choice, query: string): boolean {
  return hasWords(title, query);
}

function hasWords(text: string, query: string): boolean {
  const small = text.toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => small.includes(word));
}
