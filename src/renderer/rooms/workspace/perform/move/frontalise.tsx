import { Button, Group, Text } from '@mantine/core';
import { shortOfFrontal } from '../../../../../shared/domain/lanes/index.ts';
import { useLiveRanges } from '../../../../live/live-provider.tsx';
import { actions } from '../../../../ground/actions/index.ts';
import { laneTitle, valueInWords } from '../../timeline/keyed/lane-words.ts';

/** Head and gaze to the camera, as near as this person's own frames go. */
export function Frontalise() {
  const ranges = useLiveRanges();
  if (!ranges?.['head.yaw']) return null;
  const short = shortOfFrontal(ranges);
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        style={{ flex: 'none' }}
        onClick={() => actions.run('take.frontalise')}
      >
        Face the camera
      </Button>
      <Text size="xs" c="dimmed">
        {short.length === 0
          ? 'Head and gaze straight ahead; the expression stays.'
          : `As near as the video goes: ${short
              .map(({ name, degrees }) => `${laneTitle(name).toLowerCase()} ${valueInWords(name, degrees)}`)
              .join(', ')}.`}
      </Text>
    </Group>
  );
}
