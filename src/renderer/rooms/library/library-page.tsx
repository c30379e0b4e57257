import { Button, Container, Group, SimpleGrid, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProjectSummary } from '../../../shared/contract/studio.ts';
import { actions } from '../../ground/actions/index.ts';
import { useStudio } from '../../ground/connection.tsx';
import { Sign } from '../../ground/signs.tsx';
import { JobProgress } from '../../jobs/job-progress.tsx';
import { FirstRun } from './first-run.tsx';
import { ProjectCard } from './project-card.tsx';
import { RemovedProjects } from './removed-projects.tsx';
import { countedFilms, useNewestList } from './use-newest-list.ts';
import { useSample } from './use-sample.ts';
import './library.css';

/** With fewer projects than this a look is quicker than a search. */
const MANY = 7;

/** Every project; the first-run page while there is none. */
export function LibraryPage() {
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions());
  return (
    <Container size="lg" py="xl">
      {projects.isPending && <Skeleton height={220} aria-label="Opening the library" />}
      {projects.data?.length === 0 && <FirstRun />}
      {projects.data && projects.data.length > 0 && <Projects projects={projects.data} />}
      <RemovedProjects />
    </Container>
  );
}

function Projects({ projects }: { readonly projects: readonly ProjectSummary[] }) {
  const [search, setSearch] = useState('');
  const { job } = useSample();
  const words = search.toLocaleLowerCase().split(/\s+/);
  const found = projects.filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)));
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Projects
        </Title>
        <Group gap="sm">
          {projects.length >= MANY && (
            <TextInput
              type="search"
              placeholder="Find a project"
              aria-label="Find a project"
              leftSection={<Sign name="search" size={14} />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          <Button variant="default" onClick={() => actions.run('library.films')}>
            Films of a table…
          </Button>
          <Button onClick={() => actions.run('library.import')}>Import a video…</Button>
        </Group>
      </Group>
      {job && <JobProgress job={job} />}
      <NewestList />
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} component="section" aria-label="Projects">
        {found.map((project) => (
          <ProjectCard key={project.id} project={project} />
        ))}
      </SimpleGrid>
      {found.length === 0 && <Text c="dimmed">No project is called that.</Text>}
      <Text size="sm" c="dimmed" ta="center">
        Drop videos anywhere on this window to import them (mp4, mov, mkv, webm, avi), or a table of films to make (csv,
        tsv, json).
      </Text>
    </Stack>
  );
}

/** The way back to a list of films whose dialog was closed. */
function NewestList() {
  const list = useNewestList();
  if (!list) return null;
  return (
    <Group gap="sm" component="section" aria-label="Films of a table">
      <Text size="sm">
        {list.name}: {list.state.kind === 'running' ? 'its films are being made.' : ''} {countedFilms(list)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => actions.run('library.list')}>
        Show
      </Button>
    </Group>
  );
}
