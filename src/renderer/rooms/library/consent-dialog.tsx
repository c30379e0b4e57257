import { Button, Checkbox, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { ConsentBasis } from '../../../shared/contract/studio.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { useLeaveGuard } from '../../jobs/leave-guard.ts';
import type { VideoFile } from '../../ground/host/index.ts';
import { type Import, importVideo, nameOf, type Sending } from './import-video.ts';
import { SendingList } from './sending-list.tsx';

type State =
  | { readonly kind: 'asking' }
  | {
      readonly kind: 'sending';
      readonly imports: readonly Import[];
      readonly states: readonly Sending[];
      readonly stops: readonly AbortController[];
    };

interface Props {
  readonly file: VideoFile;
  /** Those that were dropped with it and come after it. */
  readonly others: readonly VideoFile[];
  /** How many videos were dealt with, and the project to show when one was imported. */
  readonly onDone: (count: number, projectId?: string) => void;
}

/** Before anything is stored: who is in this video, and may they be made to speak? */
export function ConsentDialog({ file, others, onDone }: Props) {
  const { client } = useStudio();
  const [name, setName] = useState(nameOf(file));
  const [basis, setBasis] = useState<z.infer<typeof ConsentBasis> | ''>('');
  const [note, setNote] = useState('');
  const [all, setAll] = useState(false);
  const [state, setState] = useState<State>({ kind: 'asking' });
  const busy = state.kind === 'sending';
  useLeaveGuard(busy);

  const begin = async () => {
    if (basis === '') return;
    const consent = { basis, note };
    const imports: Import[] = [
      { file, name, consent },
      ...(all ? others.map((other) => ({ file: other, name: nameOf(other), consent })) : []),
    ];
    const stops = imports.map(() => new AbortController());
    const states: Sending[] = imports.map(() => ({ kind: 'waiting' }));
    const show = () => setState({ kind: 'sending', imports, states: [...states], stops });
    show();
    for (const [place, one] of imports.entries()) {
      await importVideo(
        client,
        one,
        (sending) => {
          states[place] = sending;
          show();
        },
        stops[place]!.signal,
      );
    }
    for (const one of states) if (one.kind === 'failed') tell(one.error);
    const imported = states.filter((one) => one.kind === 'imported');
    // A single one that failed or was stopped can be tried again, with what was filled in.
    if (imports.length === 1 && imported.length === 0) return setState({ kind: 'asking' });
    onDone(imports.length, imported.at(-1)?.projectId);
  };

  return (
    <Modal
      opened
      onClose={() => onDone(1)}
      title="Whose face is this?"
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {state.kind === 'sending' ? (
        <SendingList {...state} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}
        >
          <Stack>
            {others.length > 0 && !all && (
              <Text size="sm" c="dimmed">
                {others.length === 1 ? 'One more video follows.' : `${others.length} more videos follow.`}
              </Text>
            )}
            {all ? (
              <Text size="sm">{others.length + 1} projects, each named like its file.</Text>
            ) : (
              <TextInput
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
            {others.length > 0 && (
              <Checkbox
                label={`The same for all ${others.length + 1} videos`}
                checked={all}
                onChange={(event) => setAll(event.currentTarget.checked)}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => onDone(1)}>
                {others.length > 0 && !all ? 'Leave this one out' : 'Cancel'}
              </Button>
              <Button type="submit" disabled={basis === '' || name.trim() === ''}>
                Import
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
