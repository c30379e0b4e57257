import { ActionIcon, Anchor, Group, Text, Title, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { JobsButton } from '../workspace/jobs/jobs-drawer.tsx';
import { useStudio } from './connection.tsx';
import { go, type Route } from './route.ts';

export function Header({ route }: { readonly route: Route }) {
  return (
    <Group component="header" px="md" h={52} justify="space-between" wrap="nowrap" style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
        <Anchor
          href="#/"
          underline="never"
          c="inherit"
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
      </Group>
      <Group gap="xs" wrap="nowrap">
        <JobsButton />
        <SchemeButton />
      </Group>
    </Group>
  );
}

function ProjectName({ id }: { readonly id: string }) {
  const { queries } = useStudio();
  const project = useQuery(queries.projects.get.queryOptions({ input: { id } }));
  return project.data ? (
    <Text c="dimmed" truncate title={project.data.name}>
      ▸ {project.data.name}
    </Text>
  ) : null;
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('dark');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon variant="subtle" size="lg" color="gray" aria-label={`Use the ${next} theme`} title={`Use the ${next} theme`} onClick={() => setColorScheme(next)}>
      {scheme === 'dark' ? '☾' : '☀'}
    </ActionIcon>
  );
}
