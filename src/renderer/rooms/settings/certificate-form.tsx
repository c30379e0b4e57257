import { Button, FileInput, Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { type ReactNode, useState } from 'react';

/** Certificates and keys have some kilobytes; what is larger is read no further. */
const READ_BYTES = 1 << 20;

/** A certificate and its key, chosen one by one or dropped together in any order; both may be in one file. */
export function CertificateForm({
  busy,
  refusal,
  use,
}: {
  readonly busy: boolean;
  /** Why what was given last is not used. */
  readonly refusal: ReactNode;
  readonly use: (certificate: File, key: File) => void;
}) {
  const [certificate, setCertificate] = useState<File | null>(null);
  const [key, setKey] = useState<File | null>(null);
  const [stranger, setStranger] = useState<string | null>(null);
  async function sort(files: readonly File[]): Promise<void> {
    setStranger(null);
    for (const file of files) {
      const text = await file.slice(0, READ_BYTES).text();
      const [chain, secret] = [text.includes('-----BEGIN CERTIFICATE-----'), text.includes('PRIVATE KEY-----')];
      if (chain) setCertificate(file);
      if (secret) setKey(file);
      if (!chain && !secret) setStranger(file.name);
    }
  }
  return (
    <form
      aria-label="A certificate of yours"
      onSubmit={(event) => {
        event.preventDefault();
        if (certificate && key) use(certificate, key);
      }}
    >
      <Dropzone
        activateOnClick={false}
        tabIndex={-1}
        disabled={busy}
        onDrop={(files: readonly File[]) => void sort(files)}
      >
        <Stack gap="sm" style={{ pointerEvents: 'all' }}>
          <Text size="sm">
            Choose both, or drop them here. They are copied into the library, where nobody else on this computer may
            read them.
          </Text>
          <Group grow align="flex-start">
            <FileInput
              label="Certificate"
              description="Yours, followed by those that issued it, as PEM."
              placeholder="Choose a file"
              value={certificate}
              onChange={setCertificate}
              disabled={busy}
            />
            <FileInput
              label="Private key"
              description="Without a passphrase, as PEM."
              placeholder="Choose a file"
              value={key}
              onChange={setKey}
              disabled={busy}
            />
          </Group>
          {stranger !== null && (
            <Text size="sm" role="alert">
              In “{stranger}” there is no certificate and no key in PEM.
            </Text>
          )}
          {refusal}
          <Group>
            <Button type="submit" size="compact-sm" loading={busy} disabled={certificate === null || key === null}>
              Sign with it
            </Button>
          </Group>
        </Stack>
      </Dropzone>
    </form>
  );
}
