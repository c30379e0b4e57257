import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { timecode } from '../../../../shared/domain/timecode.ts';
import { tell } from '../../../ground/errors.tsx';
import { record, type Recording } from '../sounds/recorder.ts';
import { useSoundIntake } from '../sounds/sound-intake.tsx';
import { Icon } from '../transport/icons.tsx';
import { useTransport } from '../transport/use-transport.tsx';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'recording'; readonly recording: Recording; readonly began: number }
  | { readonly kind: 'saving' };
const IDLE: State = { kind: 'idle' };

/** Records the microphone into a sound of the project. */
export function RecordButton() {
  const { add } = useSoundIntake();
  const transport = useTransport();
  const [state, setState] = useState<State>(IDLE);
  const running = useRef<Recording>(null);
  useEffect(() => () => running.current?.discard(), []);
  const begin = async () => {
    transport.pause(); // or it would record itself
    setState({ kind: 'asking' });
    try {
      const now = new Date();
      const recording = await record(
        `Recording ${now.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })}`,
      );
      running.current = recording;
      setState({ kind: 'recording', recording, began: performance.now() });
    } catch (error) {
      tell(error);
      setState(IDLE);
    }
  };
  const finish = async (recording: Recording) => {
    running.current = null;
    setState({ kind: 'saving' });
    await add([await recording.stop()]);
    setState(IDLE);
  };
  if (state.kind === 'recording') {
    return (
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" color="red" onClick={() => void finish(state.recording)}>
          Stop recording
        </Button>
        <Level recording={state.recording} began={state.began} />
      </Group>
    );
  }
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Icon name="microphone" />}
      loading={state.kind !== 'idle'}
      onClick={() => void begin()}
    >
      Record
    </Button>
  );
}

function Level({ recording, began }: { readonly recording: Recording; readonly began: number }) {
  const bar = useRef<HTMLMeterElement>(null);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (bar.current) bar.current.value = recording.level();
      setSeconds(Math.floor((performance.now() - began) / 1000));
    }, 50);
    return () => clearInterval(timer);
  }, [recording, began]);
  return (
    <>
      <meter
        ref={bar}
        min={0}
        max={1}
        high={0.95}
        value={0}
        aria-label="Level of the microphone"
        style={{ width: 70 }}
      />
      <Text size="sm" role="timer">
        {timecode(seconds).slice(0, -4)}
      </Text>
    </>
  );
}
