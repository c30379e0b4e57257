import { ActionIcon, Anchor, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useActionRegistry } from '../ground/actions/index.ts';
import { Keys } from '../ground/actions/keys.tsx';
import { JobsButton } from '../jobs/jobs-button.tsx';
import { useStudio } from '../ground/connection.tsx';
import { overPage } from '../ground/over-page.ts';
import { go, type Route } from '../ground/route.ts';
import { Sign } from '../ground/signs.tsx';
import { Steps } from '../rooms/workspace/steps.tsx';
import './header.css';

/** Where one is, how to get anywhere else, and what is at work. */
export function Header({ route }: { readonly route: Route }) {
  return (
    <header className="header">
      <nav aria-label="Place" className="place">
        <Anchor
          href="#/"
          underline="never"
          c="inherit"
          aria-label="Likeness"
          aria-current={route.kind === 'library' ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            go({ kind: 'library' });
          }}
        >
          <Title order={1} size="h4">
            Likeness
          </Title>
        </Anchor>
        {route.kind === 'project' && <ProjectName id={route.id} />}
      </nav>
      {route.kind === 'project' && <Steps projectId={route.id} step={route.step} />}
      <Group gap={6} wrap="nowrap" className="header-tools">
        <PaletteButton />
        <JobsButton />
        <ActionIcon
          variant="subtle"
          size="lg"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label="Settings"
          title="Settings"
          onClick={() => overPage.show({ kind: 'settings', page: 'general' })}
        >
          <Sign name="settings" size={18} />
        </ActionIcon>
      </Group>
    </header>
  );
}

function ProjectName({ id }: { readonly id: string }) {
  const { queries } = useStudio();
  const project = useQuery(queries.projects.get.queryOptions({ input: { id } }));
  return project.data ? (
    <>
      <span aria-hidden className="place-step">
        ▸
      </span>
      <Text truncate title={project.data.name} aria-current="page">
        {project.data.name}
      </Text>
    </>
  ) : null;
}

function PaletteButton() {
  const [shortcut] = useActionRegistry().shortcutsOf('window.palette');
  return (
    <UnstyledButton
      className="palette-button"
      title="Find a command or a project"
      onClick={() => overPage.show({ kind: 'palette' })}
    >
      <Sign name="search" size={14} />
      <span className="palette-button-text">Find…</span>
      {shortcut !== undefined && <Keys shortcut={shortcut} />}
    </UnstyledButton>
  );
}
