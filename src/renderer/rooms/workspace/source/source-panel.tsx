import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import type { Check, Person } from '../../../../shared/contract/results.ts';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { countsOf } from '../../../../shared/domain/analysis.ts';
import { sourceRemarks } from '../../../../shared/domain/source-remarks.ts';
import { actions } from '../../../ground/actions/index.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { go } from '../../../ground/route.ts';
import { media } from '../../../ground/host/media.ts';
import { clock } from '../../../ground/clock.ts';
import { TrainerCard } from '../../set-up/trainer-card.tsx';
import { useTrainer } from '../../set-up/use-trainer.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJob } from '../../../jobs/use-job.ts';
import { ConsentCard } from './consent-card.tsx';
import { OlderAnalysis } from './older-analysis.tsx';
import { StreamChoice } from './stream-choice.tsx';
import './source.css';

/** How many places of one finding are listed. */
const SPANS = 8;

/** What the clip is, and whether it is good enough to train on. */
export function SourcePanel({
  project,
  onSeek,
}: {
  readonly project: ProjectDetail;
  readonly onSeek: (frame: number) => void;
}) {
  const { client } = useStudio();
  const job = useJob(project.id, 'analyze');
  const { source, report } = project;
  const trainer = useTrainer();
  const analyse = (person?: number) =>
    client.work.analyze({ id: project.id, ...(person === undefined ? {} : { person }) }).catch(tell);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {source.width} × {source.height} · {Math.round(source.fps * 100) / 100} fps · {clock(source.duration)} ·{' '}
        {source.hasAudio ? 'with sound' : 'no sound'}
      </Text>
      {!project.hasVideo && (
        <Text size="sm">This avatar came without its video. To analyse or train it again, import that video.</Text>
      )}
      {!report &&
        sourceRemarks(source).map((remark) => (
          <Text key={remark} size="sm">
            {remark}
          </Text>
        ))}
      <StreamChoice project={project} disabled={active(job) || project.trained} />
      {job && !trainer.wanted(job) && <JobProgress job={job} />}
      {project.hasVideo && (
        <TrainerCard
          need="Checking a video"
          then={report ? undefined : { label: 'Set it up and check this video', run: () => analyse() }}
        />
      )}
      {project.hasVideo && !report && !active(job) && !job?.resumable && trainer.state?.kind !== 'absent' && (
        <Button onClick={() => analyse()}>Check this video</Button>
      )}
      {job?.status === 'failed' && (
        <Button variant="default" onClick={() => actions.run('library.import')}>
          Import another video…
        </Button>
      )}
      <OlderAnalysis project={project} />
      {report && (
        <Stack gap="sm" component="section" aria-label="Input check">
          <Title order={2} size="h5">
            Input check
          </Title>
          <Text size="sm">
            {report.frames} frames: {countsOf(report)}.
          </Text>
          {report.people.length > 1 && (
            <Group gap="xs" aria-label="People in this video">
              {report.people.map((person) => (
                <Button
                  key={person.id}
                  variant="default"
                  h="auto"
                  py={6}
                  px={8}
                  leftSection={<Face project={project} person={person} />}
                  disabled={active(job)}
                  onClick={() => analyse(person.id)}
                >
                  Person {person.id + 1}
                  <br />
                  {person.frames} frames
                </Button>
              ))}
            </Group>
          )}
          {(['problem', 'warning'] as const).map((level) =>
            report.checks
              .filter((check) => check.level === level)
              .map((check) => <Finding key={check.code} check={check} onSeek={onSeek} />),
          )}
          <div className="inspector-foot">
            <Button onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}>Go on to Train</Button>
          </div>
          <ul className="checks" aria-label="In order">
            {report.checks
              .filter(({ level, code }) => level === 'ok' && code !== 'good-frames') // those are counted above
              .map(({ code, message, frames }) => (
                <li key={code}>
                  <span>
                    {message} <Places frames={frames} onSeek={onSeek} />
                  </span>
                </li>
              ))}
          </ul>
        </Stack>
      )}
      <ConsentCard project={project} />
    </Stack>
  );
}

const FACE_SIDE = 48;

/** A person's face, cut from the frame that shows it best; nothing before there are pictures. */
function Face({
  project: { id, source, pictures },
  person: { box, frame },
}: {
  readonly project: ProjectDetail;
  readonly person: Person;
}) {
  if (!pictures) return null;
  const [x, y, width, height] = box; // source pixels
  const scale = FACE_SIDE / Math.max(width, height);
  return (
    <span className="face" style={{ width: FACE_SIDE, height: FACE_SIDE }}>
      <img
        src={media.picture(id, pictures, Math.min(frame, pictures.frames - 1))}
        alt=""
        style={{
          width: source.width * scale,
          left: FACE_SIDE / 2 - (x + width / 2) * scale,
          top: FACE_SIDE / 2 - (y + height / 2) * scale,
        }}
      />
    </span>
  );
}

/** Something to look at: what it is, what to do, and where in the clip. */
function Finding({
  check: { level, message, hint, frames },
  onSeek,
}: {
  readonly check: Check;
  readonly onSeek: (frame: number) => void;
}) {
  return (
    <article className="finding" data-level={level}>
      <Text size="sm" fw={600}>
        {level === 'problem' ? 'Problem: ' : ''}
        {message}
      </Text>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
      <Places frames={frames} onSeek={onSeek} />
    </article>
  );
}

/** Where in the clip something is to be seen; a press goes there. */
function Places({
  frames = [],
  onSeek,
}: {
  readonly frames?: Check['frames'];
  readonly onSeek: (frame: number) => void;
}) {
  if (frames.length === 0) return null;
  return (
    <Group gap="xs" mt={4} component="span">
      {frames.slice(0, SPANS).map(([first, last]) => (
        <Anchor key={first} component="button" type="button" size="sm" onClick={() => onSeek(first)}>
          {first === last ? `frame ${first}` : `frames ${first}–${last}`}
        </Anchor>
      ))}
      {frames.length > SPANS && (
        <Text size="sm" span>
          and {frames.length - SPANS} more
        </Text>
      )}
    </Group>
  );
}
