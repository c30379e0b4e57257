import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useStudio } from '../../ground/connection.tsx';
import type { VideoFile } from '../../ground/host/index.ts';
import { handOver, isStop, type Taken } from './import-video.ts';
import { Refused } from './sending-list.tsx';

/** How far the core is with a video, before anybody is asked about it. */
export type HandingOver =
  | { readonly kind: 'looking'; readonly share: number }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'asking'; readonly taken: Taken };

/** Hands a video over and has it looked at; where nobody waits for that any more, it is left out again. */
export function useHandingOver(file: VideoFile, tell: (state: HandingOver) => void): void {
  const { client } = useStudio();
  useEffect(() => {
    const stop = new AbortController();
    const show = (next: HandingOver) => stop.signal.aborted || tell(next);
    handOver(client, file, (share) => show({ kind: 'looking', share }), stop.signal).then(
      (taken) => {
        if (stop.signal.aborted) void client.projects.leaveOut({ file: taken.file });
        else show({ kind: 'asking', taken });
      },
      (error: unknown) => isStop(error) || show({ kind: 'refused', error }),
    );
    return () => stop.abort();
  }, [client, file, tell]);
}

interface Props {
  readonly name: string;
  readonly state: Exclude<HandingOver, { kind: 'asking' }>;
  readonly onClose: () => void;
  /** What closing one that was refused is called. */
  readonly closing?: string;
}

/** In a dialog, until there is somebody to ask about. */
export function HandingOverStep({ name, state, onClose, closing = 'Close' }: Props) {
  if (state.kind === 'refused')
    return (
      <Stack>
        <Refused name={name} error={state.error} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {closing}
          </Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="xs">
      <Text size="sm" truncate>
        {name}
      </Text>
      <Progress value={100 * state.share} animated={state.share >= 1} aria-label={`Looking at ${name}`} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}
