import { Alert, Button, Loader, Stack, Table, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useRef, useState } from 'react';
import type { Sureness, VerifyResult } from '../../../shared/contract/verify.ts';
import { findings, verdictOf } from '../../../shared/domain/verified.ts';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';
import { host } from '../../ground/host/index.ts';

const COLOURS: Readonly<Record<Sureness, string>> = { sure: 'green', likely: 'green', said: 'yellow', nothing: 'gray' };

/** What is not as it was signed is looked at first. */
const colourOf = ({ sureness, credentials }: VerifyResult): string =>
  credentials.kind === 'changed' ? 'red' : COLOURS[sureness];

interface Found {
  readonly name: string;
  /** A browser hands over the file, and nothing of what lies beside it. */
  readonly alone: boolean;
  readonly result: VerifyResult;
}

const toldOf = ({ alone, result }: Found): ReturnType<typeof findings> =>
  findings(result).filter(({ where }) => !alone || where !== 'Record');

/** Says of a film or picture whether it was made with this program, and how sure that is. */
export function CheckPage() {
  const { client } = useStudio();
  const openFiles = useRef<() => void>(null);
  const [checking, setChecking] = useState(false);
  const [found, setFound] = useState<Found | null>(null);
  const check = async ([file]: readonly File[]): Promise<void> => {
    if (!file) return;
    setChecking(true);
    setFound(null);
    try {
      const taken = await host.take(file, () => undefined);
      setFound({
        name: file.name,
        alone: taken.kind === 'upload',
        result: await client.system.verify({ file: taken }),
      });
    } catch (error) {
      tell(error);
    } finally {
      setChecking(false);
    }
  };
  return (
    <Stack>
      <Text size="sm">
        Films and frames of Likeness carry a watermark that nobody sees, say in plain words what they are, and are
        signed with Content Credentials. Here you see what is left of that in a file, and whether it was changed since.
      </Text>
      <Dropzone
        openRef={openFiles}
        onDrop={(files: readonly File[]) => void check(files)}
        multiple={false}
        disabled={checking}
        activateOnClick={false}
        tabIndex={-1}
      >
        <Stack align="center" gap="sm" py="md">
          <Text>Drop a film, a picture or a sound here</Text>
          <Button
            variant="default"
            disabled={checking}
            onClick={() => openFiles.current?.()}
            style={{ pointerEvents: 'all' }}
          >
            Choose a file…
          </Button>
        </Stack>
      </Dropzone>
      <Stack role="status" aria-label="What was found">
        {checking && <Loader size="sm" aria-label="Looking at the file" />}
        {found && (
          <Alert color={colourOf(found.result)} variant="outline">
            <Text size="sm">{found.name}</Text>
            <Text fw={600}>{verdictOf(found.result)}</Text>
            <Table mt="xs" withRowBorders={false}>
              <Table.Tbody>
                {toldOf(found).map(({ where, what }) => (
                  <Table.Tr key={where}>
                    <Table.Th w="11rem">{where}</Table.Th>
                    <Table.Td>{what}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Alert>
        )}
      </Stack>
    </Stack>
  );
}
