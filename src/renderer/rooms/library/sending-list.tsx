import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { Detail, explain } from '../../ground/errors.tsx';
import type { Import, Sending } from './import-video.ts';

/** Videos on their way into the library, each with how far it is. */
export function SendingList({
  imports,
  states,
  stops,
}: {
  readonly imports: readonly Import[];
  readonly states: readonly Sending[];
  readonly stops: readonly AbortController[];
}) {
  return (
    <Stack component="ul" className="plain-list" aria-label="Videos being imported">
      {imports.map(({ name, file }, place) => {
        const state = states[place]!;
        const stoppable = state.kind === 'waiting' || state.kind === 'sending';
        return (
          <Stack component="li" key={place} gap={6}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" fw={600} truncate>
                {name}
              </Text>
              <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
                {inWords(state, file.size)}
              </Text>
            </Group>
            <Progress value={share(state) * 100} animated={state.kind === 'reading'} aria-label={`Importing ${name}`} />
            {state.kind === 'failed' && <Refused name={file.name} error={state.error} />}
            {stoppable && (
              <Group justify="flex-end">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Cancel the import of ${name}`}
                  onClick={() => stops[place]!.abort()}
                >
                  Cancel
                </Button>
              </Group>
            )}
          </Stack>
        );
      })}
    </Stack>
  );
}

/** Why a file cannot be imported: which, what is wrong, and what to do. */
export function Refused({ name, error }: { readonly name: string; readonly error: unknown }) {
  const { message, hint, detail } = explain(error);
  return (
    <Alert color="red" title={name}>
      <Text size="sm">
        {message} {hint}
      </Text>
      <Detail text={detail} />
    </Alert>
  );
}

function share(state: Sending): number {
  if (state.kind === 'sending') return state.share;
  return state.kind === 'reading' || state.kind === 'imported' ? 1 : 0;
}

function inWords(state: Sending, bytes: number): string {
  switch (state.kind) {
    case 'waiting':
      return 'waiting';
    case 'sending':
      return `${Math.floor(100 * state.share)} % of ${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;
    case 'reading':
      return 'reading the video…';
    case 'imported':
      return 'imported';
    case 'stopped':
      return 'left out';
    case 'failed':
      return 'refused';
  }
}
