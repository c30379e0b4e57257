import { Text } from '@mantine/core';
import { type LaneName, LANES } from '../../../../../shared/domain/lanes/index.ts';
import { useLiveRanges } from '../../../../live/live-provider.tsx';
import { useTake } from '../../../../take/use-take.tsx';
import { keysIn, laneValue } from '../../timeline/keyed/key-edits.ts';
import { endsWithFrames, laneTitle } from '../../timeline/keyed/lane-words.ts';
import { LaneControl } from './lane-control.tsx';
import { LaneKey } from './lane-key.tsx';
import { useHere, useUnkeyed } from './use-here.ts';
import './move.css';

const NO_LIGHT = 'This avatar is drawn by its networks, which know only the light that they learnt.';

/** Controls of some lanes that this person has, and where they end. */
export function LaneControls({ lanes, fps }: { readonly lanes: readonly LaneName[]; readonly fps: number }) {
  const { take } = useTake();
  const ranges = useLiveRanges();
  const at = useHere();
  const there = lanes.filter((name) => ranges?.[name]);
  const lamp = lanes.every((name) => name.startsWith('light.'));
  // What is added to a motion is nothing without keyframes; of the rest the motion itself says where it is.
  const open = there.filter((name) => LANES[name].way === 'absolute' && keysIn(take, name).length === 0);
  const unkeyed = useUnkeyed(open, at, fps);
  if (!ranges || there.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {ranges ? (lamp ? NO_LIGHT : 'This avatar has none of these to move.') : 'Known once the avatar is open.'}
      </Text>
    );
  return (
    <div className="lane-controls">
      {there.map((name) => {
        const range = ranges[name]!;
        if (LANES[name].way === 'moments') return <Moment key={name} name={name} at={at} fps={fps} value={range.to} />;
        const usual = unkeyed[name] ?? (LANES[name].way === 'added' ? 0 : range.usual);
        return (
          <LaneControl
            key={name}
            name={name}
            range={range}
            value={laneValue(take, name, at, usual)}
            at={at}
            fps={fps}
          />
        );
      })}
      <Text size="xs" c="dimmed">
        {lamp
          ? 'On the person, not on the background.'
          : (endOf(there, take, at, ranges) ??
            (there.some(endsWithFrames)
              ? 'Each slider ends where this person’s own frames end.'
              : 'From where they were filmed. At the edge of the video their body ends.'))}
      </Text>
    </div>
  );
}

/** Something that happens once, at the playhead. */
function Moment({
  name,
  at,
  fps,
  value,
}: {
  readonly name: LaneName;
  readonly at: number;
  readonly fps: number;
  readonly value: number;
}) {
  return (
    <div className="lane-control">
      <Text size="sm">{laneTitle(name)}</Text>
      <Text size="xs" c="dimmed">
        each keyframe is one
      </Text>
      <span />
      <LaneKey name={name} at={at} fps={fps} value={value} />
    </div>
  );
}

/** What stands at its end here, in words. */
function endOf(
  lanes: readonly LaneName[],
  take: Parameters<typeof keysIn>[0],
  at: number,
  ranges: NonNullable<ReturnType<typeof useLiveRanges>>,
): string | undefined {
  const name = lanes.find((lane) => {
    const keys = keysIn(take, lane);
    const { from, to } = ranges[lane]!;
    if (keys.length === 0 || LANES[lane].way === 'moments') return false;
    const value = laneValue(take, lane, at, 0);
    return value <= from || value >= to;
  });
  return name && `${laneTitle(name)} ends here${endsWithFrames(name) ? ': the video shows no more of it' : ''}.`;
}
