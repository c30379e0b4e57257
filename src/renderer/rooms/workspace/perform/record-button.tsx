import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clockTime } from '../../../../shared/domain/timecode.ts';
import { Level } from '../microphone/level.tsx';
import { useMicrophone, useMicrophoneState } from '../microphone/use-microphone.tsx';
import { Icon } from '../transport/icons.tsx';

/** Records the microphone onto the timeline, at the playhead; `meter` shows how loud it is meanwhile. */
export function RecordButton({ meter = false }: { readonly meter?: boolean }) {
  const microphone = useMicrophone();
  const state = useMicrophoneState();
  if (state.kind === 'recording') {
    return (
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" color="red" onClick={() => void microphone.stopRecording()}>
          Stop recording
        </Button>
        {meter && <Level capture={state.capture} width={70} />}
        <Since began={state.began} />
      </Group>
    );
  }
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Icon name="microphone" />}
      loading={state.kind === 'asking'}
      onClick={() => void microphone.record(`Recording ${new Date().toLocaleTimeString(undefined, CLOCK)}`)}
    >
      Record
    </Button>
  );
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

function Since({ began }: { readonly began: number }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - began) / 1000)), 200);
    return () => clearInterval(timer);
  }, [began]);
  return (
    <Text size="sm" role="timer">
      {clockTime(seconds)}
    </Text>
  );
}
