import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { VideoFile } from '../../ground/host/index.ts';
import { takeFocus } from '../../ground/keep-focus.ts';
import { ConsentChoice, givenBy, NO_CONSENT } from './consent-choice.tsx';
import { type Import, nameOf } from './import-video.ts';

export interface Answer extends Pick<Import, 'name' | 'consent'> {
  /** It holds for those that come after it too. */
  readonly all: boolean;
}

/** Who is in a video, and may they be made to speak? `others` come after it. */
export function ConsentForm({
  file,
  picture,
  others,
  onAnswer,
  onCancel,
}: {
  readonly file: VideoFile;
  /** The address of an image: a moment of the video. */
  readonly picture: string;
  readonly others: number;
  readonly onAnswer: (answer: Answer) => void;
  readonly onCancel: () => void;
}) {
  const [name, setName] = useState(nameOf(file));
  const [draft, setDraft] = useState(NO_CONSENT);
  const consent = givenBy(draft);
  const [all, setAll] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (consent) onAnswer({ name, consent, all });
      }}
    >
      <Stack gap="sm">
        <img className="consent-picture" src={picture} alt={`A moment of ${file.name}`} />
        {others > 0 && !all && (
          <Text size="sm" c="dimmed">
            {others === 1 ? 'One more video follows.' : `${others} more videos follow.`}
          </Text>
        )}
        {all ? (
          <Text size="sm">{others + 1} projects, each named like its file.</Text>
        ) : (
          <TextInput
            ref={takeFocus}
            label="Name of the project"
            value={name}
            maxLength={120}
            required
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <ConsentChoice
          label={all ? 'The person in these videos' : 'The person in this video'}
          kept="Kept with the project and in every export."
          value={draft}
          onChange={setDraft}
        >
          An avatar made of it holds pictures of this person, taken from the video.
        </ConsentChoice>
        {others > 0 && (
          <Checkbox
            label={`The same for all ${others + 1} videos`}
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {others > 0 && !all ? 'Leave this one out' : 'Cancel'}
          </Button>
          <Button type="submit" disabled={!consent || name.trim() === ''}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
