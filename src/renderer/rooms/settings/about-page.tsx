import { Loader, Stack, Table, Text, Title } from '@mantine/core';
import { useAbout, useHealth } from './use-system.ts';

/** Version, licences, and the versions of what it runs on. */
export function AboutPage() {
  const about = useAbout();
  const health = useHealth();
  if (!about.data) return <Loader aria-label="Reading" />;
  const { version, licence, notices } = about.data;
  const rows = Object.entries({
    ...health.data?.versions,
    python: health.data?.python?.version ?? '',
    ffmpeg: health.data?.ffmpeg?.version ?? '',
  }).filter(([name, value]) => name !== 'likeness' && value !== '');
  return (
    <Stack>
      <Stack gap={0}>
        <Title order={3} size="h4">
          Likeness {version}
        </Title>
        <Text c="dimmed">
          Turns a short video of one person into a talking avatar, on your own computer. MIT licence.
        </Text>
      </Stack>
      {health.isPending ? (
        <Text size="sm" role="status">
          Asking the parts for their versions…
        </Text>
      ) : (
        <Table withRowBorders={false} verticalSpacing={2} aria-label="Versions" className="versions">
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Licence title="Licence" text={licence} />
      <Licence title="What Likeness is made with, and its licences" text={notices} />
    </Stack>
  );
}

function Licence({ title, text }: { readonly title: string; readonly text: string }) {
  if (text === '') return null;
  return (
    <details className="detail">
      <summary>{title}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
