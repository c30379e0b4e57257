import { ActionIcon, Badge, Card, Group, Menu, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ProjectSummary } from '../../shared/contract/studio.ts';
import { go } from '../app/route.ts';
import { media } from '../host/media.ts';
import { clock } from './clock.ts';
import { RemoveDialog, RenameDialog } from './project-dialogs.tsx';

type Asking = 'nothing' | 'rename' | 'remove';

/** One project in the library: a picture of it, what state it is in, and what can be done with it. */
export function ProjectCard({ project }: { readonly project: ProjectSummary }) {
  const [asking, setAsking] = useState<Asking>('nothing');
  const { width, height, fps, duration } = project.source;
  const stop = () => setAsking('nothing');
  return (
    <Card withBorder padding="md" component="article">
      <Card.Section className="card-picture">
        {/* A little way in: many clips begin on black. */}
        <video src={`${media.source(project.id)}#t=${Math.min(0.4, duration / 2)}`} preload="metadata" muted tabIndex={-1} aria-hidden />
      </Card.Section>
      <Group justify="space-between" wrap="nowrap" mt="sm" align="flex-start">
        <UnstyledButton className="card-open" onClick={() => go({ kind: 'project', id: project.id, step: project.trained ? 'export' : 'source' })}>
          <Stack gap={2}>
            <Text fw={600} truncate title={project.name}>
              {project.name}
            </Text>
            <Text size="sm" c="dimmed">
              {width} × {height} · {Math.round(fps * 100) / 100} fps · {clock(duration)}
            </Text>
          </Stack>
        </UnstyledButton>
        <Group gap={4} wrap="nowrap" className="card-tools">
          <Badge variant="default" tt="none">
            {project.trained ? 'trained' : project.analysed ? 'checked' : 'new'}
          </Badge>
          <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`More about ${project.name}`}>
                ⋯
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsking('rename')}>Rename…</Menu.Item>
              <Menu.Item onClick={() => setAsking('remove')}>Remove…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {asking === 'rename' && <RenameDialog project={project} onClose={stop} />}
      {asking === 'remove' && <RemoveDialog project={project} onClose={stop} />}
    </Card>
  );
}
