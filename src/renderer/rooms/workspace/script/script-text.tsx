import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import type { VoiceView } from '../../../../shared/contract/voices.ts';
import {
  LONGEST_SCRIPT,
  plainScript,
  type Script,
  sentencesOf,
  unreadable,
} from '../../../../shared/domain/script/index.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { useStore } from '../../../ground/store.ts';
import { active, useJobsOf } from '../../../jobs/use-job.ts';
import { useFileDrop } from '../sounds/use-file-drop.ts';
import { type Draft, draftOf, drafts, EMPTY, setDraft } from './drafts.ts';
import { SCRIPT_FILES, scriptOfFile } from './script-file.ts';
import { HowSpoken } from './how-spoken.tsx';
import { rememberAsked } from './said.ts';

interface Props {
  readonly project: ProjectDetail;
  /** Those that are here. */
  readonly voices: readonly VoiceView[];
  /** The clip that is to say it, and what it says now. */
  readonly clip: string | undefined;
  readonly kept: Script | undefined;
}

/** The text itself, how it is spoken, and what has it spoken. */
export function ScriptText({ project, voices, clip, kept }: Props) {
  const { client } = useStudio();
  const key = draftOf(project.id, clip);
  const draft = useStore(drafts)[key] ?? kept ?? EMPTY;
  const [asking, setAsking] = useState(false);
  const [over, setOver] = useState(false);
  const [job] = useJobsOf(project.id, 'say');
  const voice = voices.find(({ name }) => name === draft.voice) ?? voices[0];
  const change = (part: Partial<Draft>) => setDraft(key, { ...draft, ...part });
  const take = (file: File | null | undefined) => {
    if (file) scriptOfFile(file).then((text) => change({ text }), tell);
  };
  useFileDrop({
    kind: 'text',
    wanted: true,
    over: (place) => setOver(place !== null),
    dropped: (files) => take(files[0]),
  });
  const reason = draft.text.trim() === '' ? undefined : unreadable(plainScript(draft.text));
  const same =
    kept !== undefined &&
    voice?.name === kept.voice &&
    (['text', 'speed', 'pause'] as const).every((part) => draft[part] === kept[part]);
  const speak = async () => {
    if (!voice) return;
    setAsking(true);
    try {
      const script = { text: draft.text, voice: voice.name, speed: draft.speed, pause: draft.pause };
      rememberAsked({ job: (await client.voices.say({ id: project.id, script })).jobId, clip });
    } catch (error) {
      tell(error);
    } finally {
      setAsking(false);
    }
  };
  const ready = voice !== undefined && draft.text.trim() !== '' && !reason && !same && !active(job);
  return (
    <>
      <Textarea
        aria-label="Script"
        placeholder="Hello, and welcome."
        autosize
        minRows={4}
        maxRows={10}
        maxLength={LONGEST_SCRIPT}
        value={draft.text}
        error={reason && `${reason.message} ${reason.hint}`}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      {voices.length > 0 && <HowSpoken voices={voices} voice={voice} draft={draft} onChange={change} />}
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <FileButton accept={SCRIPT_FILES} inputProps={{ 'aria-label': 'Open a text file' }} onChange={take}>
          {(props) => (
            <Button variant="default" size="compact-sm" {...props}>
              Open…
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" ml="auto">
          {counted(draft.text)}
        </Text>
        <Button size="compact-sm" disabled={!ready} loading={asking} onClick={() => void speak()}>
          {clip === undefined ? 'Speak' : 'Speak again'}
        </Button>
      </Group>
      {over && (
        <div className="file-drop" role="status">
          Drop to make it the script
        </div>
      )}
    </>
  );
}

function counted(text: string): string {
  const sentences = sentencesOf(plainScript(text)).length;
  return sentences === 0 ? '' : sentences === 1 ? '1 sentence' : `${sentences.toLocaleString()} sentences`;
}
