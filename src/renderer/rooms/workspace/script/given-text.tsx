import { Button, FileButton, Group, NativeSelect, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProjectDetail, SoundInfo } from '../../../../shared/contract/studio.ts';
import { LONGEST_SCRIPT, plainScript, unreadable } from '../../../../shared/domain/script/index.ts';
import { SOURCE_SOUND } from '../../../../shared/domain/take.ts';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { Hint } from '../../../ground/hint.tsx';
import { useNotices } from '../../../ground/notices.tsx';
import { useStore } from '../../../ground/store.ts';
import { JobProgress } from '../../../jobs/job-progress.tsx';
import { active, useJobsOf } from '../../../jobs/use-job.ts';
import { type GivenText as Given, givenTexts, LANGUAGES, NO_TEXT, setGivenText } from './given-texts.ts';
import { SCRIPT_FILES, scriptOfFile } from './script-file.ts';

/** The text of a recording that is on the timeline: its words are looked for in the sound, for captions. */
export function GivenText({ project, sound }: { readonly project: ProjectDetail; readonly sound: SoundInfo }) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const [job] = useJobsOf(project.id, 'align');
  const input = { id: project.id, sound: sound.id };
  const kept = useQuery(queries.voices.text.queryOptions({ input })).data;
  useNotices((notice) => {
    if (notice.kind === 'job' && notice.job.kind === 'align' && notice.job.status === 'done')
      void cache.invalidateQueries({ queryKey: queries.voices.text.key() });
  });
  const key = `${project.id}/${sound.id}`;
  const given = useStore(givenTexts)[key] ?? kept ?? NO_TEXT;
  const change = (part: Partial<Given>) => setGivenText(key, { ...given, ...part });
  const take = (file: File | null) => {
    if (file) scriptOfFile(file).then((text) => change({ text }), tell);
  };
  const reason = given.text.trim() === '' ? undefined : unreadable(plainScript(given.text));
  const same = kept?.text === given.text && kept.language === given.language;
  const ready = given.text.trim() !== '' && !reason && !same && !active(job);
  const name = sound.id === SOURCE_SOUND ? 'the video’s own sound' : `“${sound.name}”`;
  return (
    <Stack gap="xs" component="section" aria-label="Text of the sound">
      <Group gap={2} wrap="nowrap">
        <Title order={2} size="h6">
          {`What is said in ${name}`}
        </Title>
        <Hint
          about="texts of recordings"
          text={
            'Type or paste every word of the selected clip’s sound: when each is said is found by listening, and ' +
            'exports can have captions of it.'
          }
        />
      </Group>
      <Textarea
        aria-label="Text of the sound"
        placeholder="The words, as they are said."
        autosize
        minRows={3}
        maxRows={8}
        maxLength={LONGEST_SCRIPT}
        value={given.text}
        error={reason && `${reason.message} ${reason.hint}`}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label="Language"
        value={given.language}
        data={LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
        onChange={({ currentTarget }) => change({ language: currentTarget.value })}
      />
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <FileButton accept={SCRIPT_FILES} inputProps={{ 'aria-label': 'Open the text of the sound' }} onChange={take}>
          {(props) => (
            <Button variant="default" size="compact-sm" {...props}>
              Open…
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" ml="auto" role="status">
          {kept && same ? `${kept.times.words.length.toLocaleString()} words found` : ''}
        </Text>
        <Button
          size="compact-sm"
          disabled={!ready}
          onClick={() => void client.voices.align({ ...input, ...given }).catch(tell)}
        >
          Find its words
        </Button>
      </Group>
      {job && job.status !== 'done' && <JobProgress job={job} />}
    </Stack>
  );
}

const NAMES = new Intl.DisplayNames('en', { type: 'language' });
const languageName = (code: string): string => NAMES.of(code) ?? code;
