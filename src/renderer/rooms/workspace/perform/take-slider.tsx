import { ActionIcon, Group, Slider, Text } from '@mantine/core';
import { useId } from 'react';
import type { LaneName } from '../../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../../shared/domain/take.ts';
import { Hint } from '../../../ground/hint.tsx';
import { Sign } from '../../../ground/signs.tsx';
import { newId } from '../../../take/new-id.ts';
import { useTake, useTakeEditor } from '../../../take/use-take.tsx';
import { keyed, keysIn, laneValue } from '../timeline/keyed/key-edits.ts';
import { LaneKey } from './move/lane-key.tsx';
import { useHere } from './move/use-here.ts';

interface TakeSliderProps {
  readonly name: string;
  /** The lane that may take its place, and how long a frame is. */
  readonly lane: LaneName;
  readonly fps: number;
  /** Of the whole take. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What a double click and the link beside it go back to. */
  readonly usual: number;
  /** What undo calls it. */
  readonly edit: string;
  readonly change: (take: Take, value: number) => Take;
  /** Marks what is usual, and fills from there: one that goes both ways. */
  readonly marked?: boolean;
  /** What it is for. */
  readonly hint: string;
  /** Why it cannot be had now; going back to the usual can. */
  readonly reason?: string | undefined;
}

const STEPS = 20; // in a whole
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A share that belongs to the take. One drag is one step of undo. */
export function TakeSlider({
  name,
  lane,
  fps,
  value: whole,
  min,
  max,
  usual,
  edit,
  change,
  marked = false,
  hint,
  reason,
}: TakeSliderProps) {
  const editor = useTakeEditor();
  const about = useId();
  const { take } = useTake();
  const at = useHere();
  const value = laneValue(take, lane, at, whole);
  const set = (next: number, gesture: string | null) => {
    const to = Math.round(next * STEPS) / STEPS;
    // Once it is keyed, it is keyed where the playhead is.
    const enter = (before: Take) =>
      keysIn(before, lane).length > 0
        ? keyed(before, lane, { at, value: to, frame: 1 / fps, id: newId() })
        : change(before, to);
    editor.edit(edit, enter, gesture);
  };
  const reset = () => {
    editor.settle();
    set(usual, null);
  };
  return (
    <div className="take-slider">
      <Group gap={2} wrap="nowrap">
        <Text size="sm">{name}</Text>
        <Hint about={name} text={hint} />
      </Group>
      <Slider
        size="sm"
        min={min}
        max={max}
        step={1 / STEPS}
        value={value}
        {...(marked ? { startPointValue: usual, marks: [{ value: usual }] } : {})}
        disabled={reason !== undefined}
        label={null}
        thumbLabel={name}
        thumbProps={{ 'aria-describedby': about }}
        thumbValueText={percent}
        onDoubleClick={() => requestAnimationFrame(reset)} // the slider itself takes the second press to the next frame
        onChange={(next) => set(next, edit)}
        onChangeEnd={() => editor.settle()}
      />
      <Text size="sm" className="take-slider-value">
        {percent(value)}
      </Text>
      {value === usual ? (
        <span />
      ) : (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label={`${name}: back to ${percent(usual)}`}
          title={`Back to ${percent(usual)}`}
          onClick={reset}
        >
          <Sign name="back" size={14} />
        </ActionIcon>
      )}
      <LaneKey name={lane} at={at} fps={fps} value={value} />
      <Text id={about} size="xs" c="dimmed" className={reason === undefined ? 'visually-hidden' : 'take-slider-reason'}>
        {reason ?? hint}
      </Text>
    </div>
  );
}
