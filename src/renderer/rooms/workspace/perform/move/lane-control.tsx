import { NumberInput, Slider, Text } from '@mantine/core';
import { useId } from 'react';
import { type LaneName, type LaneRange, LANES } from '../../../../../shared/domain/lanes/index.ts';
import { newId } from '../../../../take/new-id.ts';
import { useTakeEditor } from '../../../../take/use-take.tsx';
import { keyed } from '../../timeline/keyed/key-edits.ts';
import { endsWithFrames, laneTitle, shownIn, stepOf, valueInWords } from '../../timeline/keyed/lane-words.ts';
import { LaneKey } from './lane-key.tsx';

/** One thing that moves, at the playhead: setting it adds a keyframe there, or changes the one that is there. */
export function LaneControl({
  name,
  range,
  value,
  at,
  fps,
}: {
  readonly name: LaneName;
  readonly range: LaneRange;
  /** At the playhead, in the lane's unit. */
  readonly value: number;
  readonly at: number;
  readonly fps: number;
}) {
  const editor = useTakeEditor();
  const about = useId();
  const title = laneTitle(name);
  const { factor, digits, sign } = shownIn(name);
  const bounded = (to: number) => Math.min(range.to, Math.max(range.from, to));
  const set = (to: number, gesture: string) =>
    editor.edit(
      `set ${title}`,
      (take) => keyed(take, name, { at, value: bounded(to), frame: 1 / fps, id: newId() }),
      `${gesture} ${name} ${at}`,
    );
  const ends = `${valueInWords(name, range.from)} to ${valueInWords(name, range.to)}`;
  return (
    <div className="lane-control" title={`${title}: in the video ${ends}, and the slider ends there`}>
      <Text size="sm" truncate>
        {title}
      </Text>
      <Slider
        size="sm"
        min={range.from}
        max={range.to}
        step={stepOf(name)}
        value={bounded(value)}
        startPointValue={bounded(LANES[name].way === 'setting' ? range.from : range.usual)}
        label={null}
        thumbLabel={title}
        thumbProps={{ 'aria-describedby': about }}
        thumbValueText={(now) => valueInWords(name, now)}
        onChange={(to) => set(to, 'slide')}
        onChangeEnd={() => editor.settle()}
      />
      <NumberInput
        size="xs"
        hideControls
        aria-label={`${title}, typed`}
        value={Number((value * factor).toFixed(digits)) + 0}
        min={range.from * factor}
        max={range.to * factor}
        decimalScale={digits}
        suffix={sign}
        clampBehavior="blur"
        onValueChange={({ floatValue }, { source }) => {
          if (source === 'event' && floatValue !== undefined) set(floatValue / factor, 'type');
        }}
        onBlur={() => editor.settle()}
      />
      <LaneKey name={name} at={at} fps={fps} value={bounded(value)} />
      <span id={about} className="visually-hidden">
        {endsWithFrames(name) ? 'Ends where this person’s own frames end' : 'Ends'}: {ends}.
      </span>
    </div>
  );
}
