import { Button, Container, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useStudio } from '../app/connection.tsx';
import { refuse, useImport, VIDEO_FILES } from './import-queue.tsx';
import { ProjectCard } from './project-card.tsx';

/** Every project, and the place to drop a new video. */
export function LibraryPage() {
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions());
  const add = useImport();
  const openFiles = useRef<() => void>(null);
  const empty = projects.data?.length === 0;
  return (
    <Container size="lg" py="xl">
      <Stack gap="xl">
        <Dropzone openRef={openFiles} accept={VIDEO_FILES} onDrop={add} onReject={refuse} activateOnClick={false} tabIndex={-1} p="lg" className={empty ? 'drop-first' : undefined} data-testid="drop-zone">
          <Stack align="center" gap="sm">
            <Title order={2} size={empty ? 'h2' : 'h4'} ta="center">
              Drop a video of one person talking
            </Title>
            {empty && (
              <Text c="dimmed" ta="center" maw={560}>
                Twenty seconds or more, the face well lit and turned to the camera, one person speaking. Likeness checks the clip before it trains; everything stays on this computer.
              </Text>
            )}
            <Button onClick={() => openFiles.current?.()} variant={empty ? 'filled' : 'default'} style={{ pointerEvents: 'all' }}>
              Choose a video…
            </Button>
            <Text size="sm" c="dimmed">
              mp4, mov, mkv, webm, avi
            </Text>
          </Stack>
        </Dropzone>
        {projects.isPending && <Skeleton height={220} aria-label="Opening the library" />}
        {projects.data && projects.data.length > 0 && (
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} component="section" aria-label="Projects">
            {projects.data.map((project) => (
              <ProjectCard key={project.id} project={project} />
            ))}
          </SimpleGrid>
        )}
      </Stack>
    </Container>
  );
}
