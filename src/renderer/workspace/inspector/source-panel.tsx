import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { ProjectDetail } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../app/connection.tsx';
import { tell } from '../../app/errors.ts';
import { go } from '../../app/route.ts';
import { clock } from '../../library/clock.ts';
import { JobProgress } from '../jobs/job-progress.tsx';
import { active, useJob } from '../jobs/use-job.ts';

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red' } as const;
const RANK = { problem: 0, warning: 1, ok: 2 } as const;

/** What the clip is, and whether it is good enough to train on. */
export function SourcePanel({ project, onSeek }: { readonly project: ProjectDetail; readonly onSeek: (frame: number) => void }) {
  const { client } = useStudio();
  const job = useJob(project.id, 'analyze');
  const { source, report } = project;
  const analyse = (person?: number) => client.work.analyze({ id: project.id, ...(person === undefined ? {} : { person }) }).catch(tell);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {source.width} × {source.height} · {Math.round(source.fps * 100) / 100} fps · {clock(source.duration)} · {source.hasAudio ? 'with sound' : 'no sound'}
      </Text>
      {job && <JobProgress job={job} />}
      {!report && !active(job) && <Button onClick={() => analyse()}>Check this video</Button>}
      {report && (
        <Stack gap="sm" component="section" aria-label="Input check">
          <Title order={2} size="h5">
            Input check
          </Title>
          <Text size="sm">
            {report.states.good} of {report.frames} frames are good
            {report.states.missing > 0 && `, ${report.states.missing} without a face`}
            {report.states.blurred > 0 && `, ${report.states.blurred} blurred`}
            {report.states.occluded > 0 && `, ${report.states.occluded} covered`}.
          </Text>
          {report.people.length > 1 && (
            <Group gap="xs" aria-label="People in this video">
              {report.people.map((person) => (
                <Button key={person.id} size="compact-sm" variant="light" onClick={() => analyse(person.id)}>
                  Person {person.id + 1} ({person.frames} frames)
                </Button>
              ))}
            </Group>
          )}
          {report.checks
            .toSorted((a, b) => RANK[a.level] - RANK[b.level])
            .map((check) => (
              <Alert key={check.code} color={COLOURS[check.level]} variant="light" p="sm" title={check.message}>
                {check.level !== 'ok' && <Text size="sm">{check.hint}</Text>}
                {check.level !== 'ok' && check.frames && check.frames.length > 0 && (
                  <Group gap="xs" mt={4}>
                    {check.frames.slice(0, 8).map(([first, last]) => (
                      <Anchor key={first} component="button" type="button" size="sm" onClick={() => onSeek(first)}>
                        {first === last ? `frame ${first}` : `frames ${first}–${last}`}
                      </Anchor>
                    ))}
                  </Group>
                )}
              </Alert>
            ))}
          <Button onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}>Go on to Train</Button>
        </Stack>
      )}
    </Stack>
  );
}
