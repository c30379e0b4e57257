import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useStudio } from '../../../ground/connection.tsx';
import { tell } from '../../../ground/errors.tsx';
import { Hint } from '../../../ground/hint.tsx';
import { host } from '../../../ground/host/index.ts';

/** The live picture for a program that films it, without its background. */
export function Outside({ projectId }: { readonly projectId: string }) {
  const { client } = useStudio();
  const [address, setAddress] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      const { url } = await client.live.address({ id: projectId });
      setAddress(url);
      await navigator.clipboard.writeText(url).then(
        () => setCopied(true),
        () => setCopied(false), // it can be copied by hand
      );
    } catch (error) {
      tell(error);
    }
  };
  const open = () =>
    client.live
      .address({ id: projectId })
      .then(({ url }) => host.openWindow(url))
      .catch(tell);
  return (
    <Stack gap="xs" component="section" aria-label="In OBS">
      <Group gap={2} wrap="nowrap">
        <Title order={2} size="h6">
          In OBS
        </Title>
        <Hint
          about="OBS"
          text={
            'What the viewer shows live, without its background and without controls, for programs of this computer. ' +
            'Keep this window in sight. Each start of Likeness makes another address.'
          }
        />
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" variant="default" style={{ flex: 'none' }} onClick={() => void copy()}>
          Copy address
        </Button>
        <Button size="compact-sm" variant="default" style={{ flex: 'none' }} onClick={() => void open()}>
          Open in a window
        </Button>
      </Group>
      {address !== null && <TextInput size="xs" readOnly value={address} aria-label="Address for OBS" />}
      <Text size="sm" c="dimmed" role="status">
        {copied ? 'Copied. ' : ''}In OBS: Sources, +, Browser, and paste it as the URL.
      </Text>
    </Stack>
  );
}
