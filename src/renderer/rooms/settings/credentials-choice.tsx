import { Alert, Button, FileButton, Group, Stack, Switch, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { CertificateInUse, CertificateWish } from '../../../shared/contract/credentials.ts';
import type { StudioErrorShape } from '../../../shared/contract/index.ts';
import type { Settings } from '../../../shared/contract/system.ts';
import { useStudio } from '../../ground/connection.tsx';
import { Detail, explain } from '../../ground/errors.tsx';
import { host } from '../../ground/host/index.ts';
import { useTrainer } from '../set-up/use-trainer.ts';
import { CertificateForm } from './certificate-form.tsx';

/** Whether exports are signed with Content Credentials, by whom, and whose word counts of others' files. */
export function CredentialsChoice({
  settings: { credentials: on },
  change,
}: {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}) {
  const ready = useTrainer().state?.kind === 'ready';
  return (
    <Stack component="section" aria-label="Content Credentials" gap="sm">
      <Switch
        label="Sign exports with Content Credentials"
        description={
          'Films, saved frames and speech then say, signed, that they are generated and what they are made of, and ' +
          `any change shows.${ready ? '' : ' The trainer signs and checks: it is set up below.'}`
        }
        checked={on}
        onChange={(event) => change({ credentials: event.currentTarget.checked })}
      />
      {ready && <Certificates on={on} />}
    </Stack>
  );
}

function Certificates({ on }: { readonly on: boolean }) {
  const { client, queries } = useStudio();
  const cache = useQueryClient();
  const used = useQuery(queries.system.certificate.queryOptions({ staleTime: 0, retry: false }));
  const [choosing, setChoosing] = useState(false);
  const [busy, setBusy] = useState<'own' | 'trust' | null>(null);
  const [refused, setRefused] = useState<{ readonly of: 'own' | 'trust'; readonly error: StudioErrorShape } | null>(
    null,
  );
  const opener = useRef<HTMLButtonElement>(null);
  const chooser = useRef<HTMLButtonElement>(null);
  async function use(of: 'own' | 'trust', wish: () => Promise<CertificateWish>): Promise<void> {
    setBusy(of);
    setRefused(null);
    try {
      const next = await client.system.changeCertificate(await wish());
      cache.setQueryData(queries.system.certificate.queryKey(), next);
      if (of === 'own') setChoosing(false);
      (of === 'own' ? opener : chooser).current?.focus(); // what was pressed may be gone
    } catch (error) {
      setRefused({ of, error: explain(error) });
    } finally {
      setBusy(null);
    }
  }
  const taken = (file: File) => host.take(file, () => undefined);
  const trouble = used.error ? explain(used.error) : undefined;
  return (
    <>
      <Text size="sm" role="status" aria-label="Who signs">
        {used.data ? signerWords(used.data, on) : used.isPending && 'Looking who signs…'}
      </Text>
      {trouble && <Refusal error={trouble} />}
      <Group gap="sm">
        <Button
          ref={opener}
          size="compact-sm"
          variant="default"
          aria-expanded={choosing}
          onClick={() => setChoosing(!choosing)}
        >
          {used.data?.certificate === 'own' ? 'Use another certificate…' : 'Use a certificate of yours…'}
        </Button>
        {(used.data?.certificate === 'own' || trouble?.code === 'bad-request') && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={busy !== null}
            onClick={() => void use('own', () => Promise.resolve({ own: 'local' }))}
          >
            Use the library’s own again
          </Button>
        )}
      </Group>
      {choosing && (
        <CertificateForm
          busy={busy === 'own'}
          refusal={refused?.of === 'own' ? <Refusal error={refused.error} /> : null}
          use={(certificate, key) =>
            void use('own', async () => ({ own: { certificate: await taken(certificate), key: await taken(key) } }))
          }
        />
      )}
      {!choosing && refused?.of === 'own' && <Refusal error={refused.error} />}
      <Stack gap={6} role="group" aria-labelledby="settings-trust">
        <Text id="settings-trust" fw={500} size="sm">
          Whose word counts when files of others are checked
        </Text>
        <Text size="sm" c="dimmed">
          {used.data ? trustWords(used.data) : null} Give the certificates of those who issue certificates, such as
          C2PA’s trust list, in one PEM file.
        </Text>
        <Group gap="sm">
          <FileButton onChange={(file) => file && void use('trust', async () => ({ trust: await taken(file) }))}>
            {(props) => (
              <Button {...props} ref={chooser} size="compact-sm" variant="default" loading={busy === 'trust'}>
                Choose certificates…
              </Button>
            )}
          </FileButton>
          {used.data !== undefined && used.data.trusted.length > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={busy !== null}
              onClick={() => void use('trust', () => Promise.resolve({ trust: 'nobody' }))}
            >
              Nobody’s
            </Button>
          )}
        </Group>
        {refused?.of === 'trust' && <Refusal error={refused.error} />}
      </Stack>
    </>
  );
}

function Refusal({ error: { message, hint, detail } }: { readonly error: StudioErrorShape }) {
  return (
    <Alert color="red" variant="outline" role="alert">
      <Text size="sm" fw={600}>
        {message}
      </Text>
      <Text size="sm">{hint}</Text>
      <Detail text={detail} />
    </Alert>
  );
}

function signerWords({ certificate, signer, issuer, expires }: CertificateInUse, on: boolean): string {
  const signed = on ? 'Signed' : 'They would be signed';
  const until = `until ${expires.slice(0, 10)}`;
  return certificate === 'local'
    ? `${signed} by this library’s own certificate, ${until}. It shows whether a file was changed, not who made it.`
    : `${signed} by your certificate: “${signer}”, issued by “${issuer}”, ${until}.`;
}

/** As many names as a line has room for. */
const NAMED = 3;

function trustWords({ trusted }: CertificateInUse): string {
  if (trusted.length === 0) return 'Nobody’s so far, but this library’s.';
  const named = trusted.slice(0, NAMED).map((name) => `“${name}”`);
  const more = trusted.length - named.length;
  return `That of ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}, and this library’s.`;
}
