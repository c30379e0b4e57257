import { Anchor, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { endingOf, shownAs } from '../../../../shared/domain/film/index.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { media } from '../../../ground/host/media.ts';
import './exports.css';

type Export = ProjectDetail['exports'][number];

/** The films and saved frames of a project, newest first. */
export function Exports({
  project,
  onShow,
}: {
  readonly project: ProjectDetail;
  readonly onShow: (name: string) => void;
}) {
  const { client, queries } = useStudio();
  const canShowFolders = useQuery(queries.system.about.queryOptions()).data?.canShowFolders ?? false;
  const list = useRef<HTMLUListElement>(null);
  const newest = project.exports[0]?.name;
  const seen = useRef(newest);
  useEffect(() => {
    // one that was just made
    if (newest !== seen.current) list.current?.firstElementChild?.scrollIntoView({ block: 'nearest' });
    seen.current = newest;
  }, [newest]);
  if (newest === undefined) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Exports">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Exports
        </Title>
        {canShowFolders && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => void client.work.showExports({ id: project.id }).catch(tell)}
          >
            Show in folder
          </Button>
        )}
      </Group>
      <ul ref={list} className="exports">
        {project.exports.map((film) => (
          <li key={film.name}>
            {shownAs(film.name) === 'nothing' ? (
              <Group gap="xs" title={film.name}>
                <Sort name={film.name} />
                <Text span size="sm">
                  {titleOf(film)}
                </Text>
              </Group>
            ) : (
              <UnstyledButton className="export-open" title={film.name} onClick={() => onShow(film.name)}>
                <Look projectId={project.id} name={film.name} />
                <Text span size="sm">
                  {titleOf(film)}
                </Text>
              </UnstyledButton>
            )}
            <Anchor size="sm" className="download" href={media.download(project.id, film.name)}>
              Download, {sizeOf(film)}
            </Anchor>
          </li>
        ))}
      </ul>
    </Stack>
  );
}

/** A small picture of it, where there is one to be seen. */
function Look({ projectId, name }: { readonly projectId: string; readonly name: string }) {
  const source = media.export(projectId, name);
  switch (shownAs(name)) {
    case 'image':
      return <img className="export-picture" src={source} alt="" />;
    case 'video':
      return (
        // Its first picture; the time makes a paused player draw one.
        <video
          className="export-picture"
          src={`${source}#t=0.001`}
          preload="metadata"
          muted
          playsInline
          aria-hidden="true"
        />
      );
    default:
      return <Sort name={name} />;
  }
}

/** "1.2 MB", "3 kB". */
function sizeOf({ bytes }: Export): string {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What kind of file it is: "MOV". */
function Sort({ name }: { readonly name: string }) {
  return <span className="export-picture export-sort">{endingOf(name).slice(1).toUpperCase()}</span>;
}

/** "Ada Take 1 dub, 21 Nov, 11:43": its name, and when it was made in the person's own way of writing dates. */
function titleOf({ name, createdAt }: Export): string {
  const when = new Date(createdAt).toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${name.slice(0, -endingOf(name).length).replace(STAMP, '')}, ${when}`;
}
/** The moment that a name ends with says the same once more. */
const STAMP = / \d{4}-\d\d-\d\d[ T]\d\d-\d\d-\d\d$/;
