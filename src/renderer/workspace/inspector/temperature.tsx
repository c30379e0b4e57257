import { Text } from '@mantine/core';
import { useLiveAvatar, useLiveVaries } from '../../live/live-provider.tsx';
import { useTake } from '../take/use-take.tsx';
import { TakeSlider } from './take-slider.tsx';

/** How far from the likeliest mouth another one may be that goes with the sound. */
export function Temperature() {
  const { take } = useTake();
  const trained = useLiveAvatar() !== null;
  const varies = useLiveVaries();
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
      change={(before, temperature) => (before.speech.temperature === temperature ? before : { ...before, speech: { ...before.speech, temperature } })}
    >
      <Text size="xs" c="dimmed">
        {said(trained, varies)}
      </Text>
    </TakeSlider>
  );
}

function said(trained: boolean, varies: boolean | null): string {
  if (!trained) return 'How else this person might say it is known once the avatar is trained.';
  if (varies === null) return 'How else this person might say it is known once the avatar is open.';
  if (!varies) return 'This avatar has not learnt how else this person might say it: train it again from a video with their own voice.';
  return 'At 0 % the mouth is the likeliest one. More draws another that goes with the sound, the same each time.';
}
