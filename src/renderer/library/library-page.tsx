import { Badge, Button, Card, Container, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Dropzone, type FileWithPath } from '@mantine/dropzone';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ProjectSummary } from '../../shared/contract/studio.ts';
import { useStudio } from '../app/connection.tsx';
import { go } from '../app/route.ts';
import { ConsentDialog } from './consent-dialog.tsx';
import { clock } from './clock.ts';

const VIDEO_TYPES = ['video/mp4', 'video/quicktime', 'video/x-matroska', 'video/webm', 'video/x-msvideo', 'video/avi'];

/** Every project, and the place to drop a new video. */
export function LibraryPage() {
  const { queries } = useStudio();
  const projects = useQuery(queries.projects.list.queryOptions());
  const [dropped, setDropped] = useState<FileWithPath[]>([]);
  const openFiles = useRef<() => void>(null);
  const empty = projects.data?.length === 0;
  return (
    <Container size="lg" py="xl">
      <Stack gap="xl">
        <Dropzone
          openRef={openFiles}
          accept={VIDEO_TYPES}
          onDrop={setDropped}
          onReject={() => setDropped([])}
          activateOnClick={false}
          p={empty ? 60 : 'lg'}
          aria-label="Drop a video here"
          data-testid="drop-zone"
        >
          <Stack align="center" gap="sm">
            <Title order={2} size={empty ? 'h2' : 'h4'} ta="center">
              Drop a video of one person talking
            </Title>
            {empty && (
              <Text c="dimmed" ta="center" maw={560}>
                Twenty seconds or more, the face well lit and turned to the camera, one person speaking. Likeness checks the clip before it trains; everything stays on this computer.
              </Text>
            )}
            <Button onClick={() => openFiles.current?.()} variant={empty ? 'filled' : 'light'} style={{ pointerEvents: 'all' }}>
              Choose a video…
            </Button>
            <Text size="sm" c="dimmed">
              mp4, mov, mkv, webm, avi
            </Text>
          </Stack>
        </Dropzone>
        {projects.isPending && <Skeleton height={120} />}
        {projects.data && projects.data.length > 0 && (
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} component="section" aria-label="Projects">
            {projects.data.map((project) => (
              <ProjectCard key={project.id} project={project} />
            ))}
          </SimpleGrid>
        )}
      </Stack>
      {dropped[0] && <ConsentDialog key={dropped[0].name} file={dropped[0]} onClose={() => setDropped((files) => files.slice(1))} />}
    </Container>
  );
}

function ProjectCard({ project }: { readonly project: ProjectSummary }) {
  const { width, height, fps, duration } = project.source;
  return (
    <Card component="button" type="button" withBorder ta="left" padding="md" onClick={() => go({ kind: 'project', id: project.id, step: project.trained ? 'export' : 'source' })}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} truncate>
            {project.name}
          </Text>
          <Badge variant="light" color={project.trained ? 'green' : 'gray'} tt="none">
            {project.trained ? 'trained' : project.analysed ? 'checked' : 'new'}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {width} × {height} · {Math.round(fps * 100) / 100} fps · {clock(duration)}
        </Text>
      </Stack>
    </Card>
  );
}
