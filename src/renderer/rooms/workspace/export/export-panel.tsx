import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { host } from '../../../ground/host/index.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJobsOf } from '../../../jobs/use-job.ts';
import { go } from '../../../ground/route.ts';
import type { BackgroundChoice } from '../../../../shared/contract/studio.ts';
import { filmInWords, FORMATS } from '../../../../shared/domain/film/index.ts';
import { useStore } from '../../../ground/store.ts';
import { useTransport } from '../transport/use-transport.tsx';
import { hasSound } from '../../../../shared/domain/clips.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { useOpenTakes, useTake, useTakeEditor } from '../../../take/use-take.tsx';
import { ExportSoundChoice, type ExportSound, useUsualSound } from './export-sound.tsx';
import { Exports } from './exports.tsx';
import { filmChoices, type FilmChoices, isEdited, lookOf, whyNot } from '../film/film-choices.ts';
import { FilmOptions, TimelineSwitch } from './film-options.tsx';
import { HearingNotice } from '../../../live/hearing-notice.tsx';
import { WhatIsUsed } from './what-is-used.tsx';

/** What is on the timeline, or one sound, as a film. */
export function ExportPanel({
  project,
  onShow,
}: {
  readonly project: ProjectDetail;
  readonly onShow: (name: string) => void;
}) {
  const form = useId();
  const { client } = useStudio();
  const editor = useTakeEditor();
  const usual = useUsualSound(project);
  const [chosen, setChosen] = useState<ExportSound>();
  const choices = useStore(filmChoices);
  const awaited = useRef<string>(undefined); // a frame that is being drawn
  useEffect(() => {
    const frame = project.exports.find(({ name }) => name === awaited.current);
    if (!frame) return;
    awaited.current = undefined;
    onShow(frame.name);
  }, [project.exports, onShow]);
  const transport = useTransport();
  const [sending, setSending] = useState(false);
  const { take } = useTake();
  const { id: inHand } = useOpenTakes();
  const open = project.takes.find(({ id }) => id === inHand) ?? project.takes[0]!;
  const jobs = useJobsOf(project.id, 'export');
  const frames = useJobsOf(project.id, 'frame');
  if (!project.trained)
    return (
      <Alert title="No avatar yet">
        <Stack gap="sm" align="flex-start">
          Make one in Train; then it can speak, and be exported.
          <Button size="compact-sm" onClick={() => go({ kind: 'project', id: project.id, step: 'train' })}>
            Go to Train
          </Button>
        </Stack>
      </Alert>
    );
  const sound = chosen ?? usual;
  const missing = sound.kind === 'take' && take.clips.some((clip) => !hasSound(clip, project.sounds));
  const look = lookOf(choices);
  const { mode, height, format, quality, shape } = look;
  const spoken = sound.kind === 'take' && saysKnownWords(take, project);
  const refused = whyNot(choices);
  const begin = async () => {
    try {
      setSending(true);
      const audio = await audioOf(sound);
      if (!audio) return;
      if (audio.kind === 'take') {
        await editor.flush(); // the core exports the take that it knows
        if (!editor.saved) return; // and says itself why it could not be saved
      }
      await client.work.export({
        id: project.id,
        sound: audio.kind === 'take' ? { kind: 'take', take: open.id } : audio,
        mode,
        height,
        format,
        quality,
        shape,
        background: await backgroundOf(choices),
        captions: spoken && choices.captions !== 'none' ? choices.captions : undefined,
        timeline: audio.kind === 'take' && choices.timeline && isEdited(choices),
      });
    } catch (error) {
      tell(error);
    } finally {
      setSending(false);
    }
  };
  const tryFrame = async () => {
    try {
      await editor.flush(); // the core draws the take that it knows
      if (!editor.saved) return;
      const asked = { id: project.id, take: open.id, seconds: transport.now(), mode, height, shape };
      const background = await backgroundOf(choices);
      awaited.current = (await client.work.saveFrame({ ...asked, background })).name;
    } catch (error) {
      tell(error);
    }
  };
  const colour = choices.background.kind === 'colour' ? `over ${choices.background.colour}` : undefined;
  return (
    <Stack className="export">
      {[...jobs, ...frames].map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <Stack className="export">
          <ExportSoundChoice project={project} value={sound} onChange={setChosen} />
          <FilmOptions sourceHeight={project.source.height} spoken={spoken} />
          <Text size="sm" role="status" c={refused ? 'red' : undefined}>
            {refused ?? filmInWords(look, colour)}
          </Text>
          {sound.kind === 'take' && <TimelineSwitch />}
          <HearingNotice />
          <WhatIsUsed project={project} take={take} name={open.name} look={look} sound={sound.kind} />
          {missing && (
            <Alert color="red" title="A sound of the timeline is no longer there">
              Take its clips off the timeline, or add the sound again.
            </Alert>
          )}
          <Text size="sm" c="dimmed">
            Every export says in its metadata, and in a file beside it, that it is synthetic, and on which consent it
            rests.
          </Text>
        </Stack>
      </form>
      <Exports project={project} onShow={onShow} />
      <Group className="inspector-foot export-foot" gap="xs" wrap="nowrap">
        <Button
          variant="default"
          disabled={refused !== null || !FORMATS[format].picture}
          title="The frame at the playhead as this film would show it, saved among the exports"
          onClick={() => void tryFrame()}
        >
          See a frame
        </Button>
        <Button
          flex={1}
          type="submit"
          form={form}
          loading={sending}
          disabled={missing || refused !== null || (sound.kind === 'file' && sound.file === null)}
        >
          {`Export ${jobs.some(active) ? 'another ' : ''}${FORMATS[format].ending.slice(1).toUpperCase()}`}
        </Button>
      </Group>
    </Stack>
  );
}

/** Whether a text is known of something that is said on the timeline, so that there are captions of it. */
function saysKnownWords({ clips }: Take, { sounds }: ProjectDetail): boolean {
  return clips.some((clip) => sounds.some(({ id, spoken, aligned }) => (spoken || aligned) && id === clip.sound));
}

/** As the core is told; a file is handed over first. */
async function backgroundOf(choices: FilmChoices): Promise<BackgroundChoice> {
  const { background } = choices;
  if (lookOf(choices).background.kind === 'own' || (background.kind === 'file' && !background.file))
    return { kind: 'own' };
  return background.kind === 'file'
    ? { kind: 'file', file: await host.take(background.file!, () => undefined) }
    : background;
}

/** What the core is told to let it say; a file is handed over first. */
async function audioOf(sound: ExportSound) {
  if (sound.kind !== 'file') return sound;
  return sound.file && host.take(sound.file, () => undefined);
}
