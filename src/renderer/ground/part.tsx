import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Boundary } from './boundary.tsx';
import { Detail, tell } from './errors.tsx';
import { faultReport } from './faults.ts';

/** One part of the window, which can fail without the others; `name` begins a sentence: "The timeline". */
export function Part({
  where,
  name,
  resetOn,
  children,
}: {
  readonly where: string;
  readonly name: string;
  readonly resetOn?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <Boundary
      where={where}
      resetOn={resetOn}
      failed={(error, retry) => <Failed name={name} report={faultReport(error, where)} onRetry={retry} />}
    >
      {children}
    </Boundary>
  );
}

function Failed({
  name,
  report,
  onRetry,
}: {
  readonly name: string;
  readonly report: string;
  readonly onRetry: () => void;
}) {
  return (
    <Alert color="red" m="md" role="alert" title={`${name} stopped working.`}>
      <Stack gap="sm">
        The rest of the window goes on. Try again; if it keeps happening, copy a report for whoever looks after
        Likeness.
        <Detail text={report} />
        <Group gap="xs">
          <Button size="compact-sm" onClick={onRetry}>
            Try again
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigator.clipboard.writeText(report).catch(tell)}
          >
            Copy a report
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
