import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useStudio } from '../../ground/connection.tsx';
import { tell } from '../../ground/errors.tsx';

/** What somebody needs who is to find a fault; looked at before it is saved. */
export function ReportPage() {
  const { queries } = useStudio();
  const report = useQuery(queries.system.report.queryOptions({ staleTime: 0, gcTime: 0 }));
  return (
    <Stack>
      <Text size="sm">
        Versions, the health of this installation and the logs of the newest jobs. It holds no pictures and no sound;
        names of people, projects and files are left out. Nothing is sent: read it, save it, and give it to whom you
        like.
      </Text>
      {report.isPending && (
        <Group role="status">
          <Loader size="sm" />
          <Text size="sm">Writing the report takes a few seconds…</Text>
        </Group>
      )}
      {report.isError && (
        <Button variant="default" onClick={() => void report.refetch()}>
          That did not work. Try again
        </Button>
      )}
      {report.data && (
        <>
          <pre className="log" tabIndex={0} aria-label="Debug report" role="region">
            {report.data.text}
          </pre>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => void navigator.clipboard.writeText(report.data.text).catch(tell)}>
              Copy
            </Button>
            <Button onClick={() => save(report.data.name, report.data.text)}>Save as text</Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the download has begun by then
}
