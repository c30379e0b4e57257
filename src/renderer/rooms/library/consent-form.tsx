import { Button, Checkbox, Group, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { ConsentBasis } from '../../../shared/contract/studio.ts';
import type { VideoFile } from '../../ground/host/index.ts';
import { takeFocus } from '../../ground/keep-focus.ts';
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
  const [basis, setBasis] = useState<z.infer<typeof ConsentBasis> | ''>('');
  const [note, setNote] = useState('');
  const [all, setAll] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (basis !== '') onAnswer({ name, consent: { basis, note }, all });
      }}
    >
      <Stack>
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
        <Radio.Group
          label={all ? 'The person in these videos' : 'The person in this video'}
          value={basis}
          onChange={(value) => setBasis(value as z.infer<typeof ConsentBasis>)}
          required
        >
          <Stack gap="xs" mt="xs">
            <Radio value="self" label="is me" />
            <Radio value="permission" label="gave me permission" />
            <Radio value="synthetic" label="is not a real person" />
          </Stack>
        </Radio.Group>
        <Text size="sm" c="dimmed">
          An avatar made of it holds pictures of this person, taken from the video.
        </Text>
        <Textarea
          label="Note (optional)"
          description="For instance when and how permission was given. Kept with the project and in every export."
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
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
          <Button type="submit" disabled={basis === '' || name.trim() === ''}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
