import { Button, Group, Modal, Progress, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { ConsentBasis } from '../../shared/contract/studio.ts';
import { useStudio } from '../app/connection.tsx';
import { tell } from '../app/errors.tsx';
import { host } from '../host/host.ts';

type Sending = { readonly kind: 'asking' } | { readonly kind: 'sending'; readonly share: number } | { readonly kind: 'importing' };

/** Before anything is stored: who is in this video, and may they be made to speak? */
export function ConsentDialog({ file, others, onDone }: { readonly file: File; readonly others: number; readonly onDone: (projectId?: string) => void }) {
  const onClose = () => onDone();
  const { client } = useStudio();
  const [name, setName] = useState(file.name.replace(/\.[^.]+$/, ''));
  const [basis, setBasis] = useState<z.infer<typeof ConsentBasis> | ''>('');
  const [note, setNote] = useState('');
  const [sending, setSending] = useState<Sending>({ kind: 'asking' });
  const begin = async () => {
    if (basis === '') return;
    try {
      setSending({ kind: 'sending', share: 0 });
      const taken = await host.take(file, (share) => setSending({ kind: 'sending', share }));
      setSending({ kind: 'importing' });
      const { projectId } = await client.projects.import({ file: taken, name, consent: { basis, note } });
      await client.work.analyze({ id: projectId });
      onDone(projectId);
    } catch (error) {
      tell(error);
      setSending({ kind: 'asking' });
    }
  };
  const busy = sending.kind !== 'asking';
  return (
    <Modal opened onClose={onClose} title="Whose face is this?" closeOnEscape={!busy} withCloseButton={!busy} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <Stack>
          {others > 0 && (
            <Text size="sm" c="dimmed">
              {others === 1 ? 'One more video follows.' : `${others} more videos follow.`}
            </Text>
          )}
          <TextInput label="Name of the project" value={name} maxLength={120} required onChange={(event) => setName(event.currentTarget.value)} disabled={busy} />
          <Radio.Group label="The person in this video" value={basis} onChange={(value) => setBasis(value as z.infer<typeof ConsentBasis>)} required>
            <Stack gap="xs" mt="xs">
              <Radio value="self" label="is me" disabled={busy} />
              <Radio value="permission" label="gave me permission" disabled={busy} />
              <Radio value="synthetic" label="is not a real person" disabled={busy} />
            </Stack>
          </Radio.Group>
          <Textarea label="Note (optional)" description="For instance when and how permission was given. Kept with the project and in every export." value={note} maxLength={2000} onChange={(event) => setNote(event.currentTarget.value)} disabled={busy} />
          {sending.kind === 'sending' && <Progress value={sending.share * 100} aria-label="Copying the video" />}
          {sending.kind === 'importing' && <Text role="status">Reading the video…</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={basis === '' || name.trim() === ''}>
              Import
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
