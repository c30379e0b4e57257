import { ActionIcon, Badge, Card, Group, Menu, Stack, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ProjectSummary } from '../../../shared/contract/studio.ts';
import { go } from '../../ground/route.ts';
import { Sign } from '../../ground/signs.tsx';
import { media } from '../../ground/host/media.ts';
import { kindName } from '../../jobs/job-names.ts';
import { percentOf, useJobs } from '../../jobs/use-job.ts';
import { clock } from '../../ground/clock.ts';
import { useStudio } from '../../ground/connection.tsx';
import { duplicateProject } from './duplicate-project.ts';
import { RemoveDialog, RenameDialog } from './project-dialogs.tsx';

type Asking = 'nothing' | 'rename' | 'remove';

/** One project in the library: a picture of it, what state it is in, and what can be done with it. */
export function ProjectCard({ project }: { readonly project: ProjectSummary }) {
  const [asking, setAsking] = useState<Asking>('nothing');
  const { width, height, fps, duration } = project.source;
  const { client } = useStudio();
  const stop = () => setAsking('nothing');
  return (
    <Card withBorder padding="md" component="article">
      <Card.Section className="card-picture">
        <Thumbnail project={project} />
        <State project={project} />
      </Card.Section>
      <Group justify="space-between" wrap="nowrap" mt="sm" align="flex-start">
        <UnstyledButton
          className="card-open"
          onClick={() =>
            go({
              kind: 'project',
              id: project.id,
              step: project.trained ? 'perform' : project.analysed ? 'train' : 'source',
            })
          }
        >
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
          <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
            <Menu.Target>
              <ActionIcon
                variant="subtle"
                color="gray"
                c="var(--mantine-color-text)"
                aria-label={`More about ${project.name}`}
              >
                <Sign name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsking('rename')}>Rename…</Menu.Item>
              <Menu.Item onClick={() => duplicateProject(client, project)}>Duplicate</Menu.Item>
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

/** A little way in: many clips begin on black. */
function Thumbnail({ project: { id, source, thumbnail } }: { readonly project: ProjectSummary }) {
  const frame = Math.min(Math.round(source.fps * 0.4), Math.max(0, Math.floor(source.frames / 2)));
  return thumbnail ? (
    <img src={media.picture(id, { version: 'card' }, frame)} alt="" loading="lazy" />
  ) : (
    <Sign name="film" size={40} />
  );
}

/** What is being done with it, else how far it is. */
function State({ project: { id, trained, analysed, withdrawn } }: { readonly project: ProjectSummary }) {
  const running = useJobs().find(({ projectId, status }) => projectId === id && status === 'running');
  if (running) {
    return (
      <Badge className="card-state" color="ember" tt="none">
        {kindName(running)} {percentOf(running)} %
      </Badge>
    );
  }
  return (
    <Badge className="card-state" variant="default" tt="none">
      {withdrawn ? 'Consent withdrawn' : trained ? 'Ready' : analysed ? 'Checked' : 'New'}
    </Badge>
  );
}
