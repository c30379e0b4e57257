import { Text } from '@mantine/core';
import { useLiveAvatar, useLiveUnfinished, useLiveVaries } from '../../../live/live-provider.tsx';
import { useTake } from '../../../take/use-take.tsx';
import { TakeSlider } from './take-slider.tsx';
import { temperatureSaid } from './temperature-said.ts';

/** How far from the likeliest mouth another one may be that goes with the sound. */
export function Temperature() {
  const { take } = useTake();
  const trained = useLiveAvatar() !== null;
  const varies = useLiveVaries();
  const unfinished = useLiveUnfinished();
  return (
    <TakeSlider
      name="Temperature"
      value={take.speech.temperature}
      min={0}
      max={1}
      usual={0}
      heading
      disabled={!varies}
      edit="temperature"
      change={(before, temperature) =>
        before.speech.temperature === temperature ? before : { ...before, speech: { ...before.speech, temperature } }
      }
    >
      <Text size="xs" c="dimmed">
        {temperatureSaid({ trained, varies, unfinished })}
      </Text>
    </TakeSlider>
  );
}
