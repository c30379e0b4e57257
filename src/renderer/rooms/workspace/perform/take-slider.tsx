import { ActionIcon, Group, Slider, Text } from '@mantine/core';
import { useId } from 'react';
import type { Take } from '../../../../shared/domain/take.ts';
import { Hint } from '../../../ground/hint.tsx';
import { Sign } from '../../../ground/signs.tsx';
import { useTakeEditor } from '../../../take/use-take.tsx';

interface TakeSliderProps {
  readonly name: string;
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
  value,
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
  const set = (next: number, gesture: string | null) =>
    editor.edit(edit, (before) => change(before, Math.round(next * STEPS) / STEPS), gesture);
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
      <Text id={about} size="xs" c="dimmed" className={reason === undefined ? 'visually-hidden' : 'take-slider-reason'}>
        {reason ?? hint}
      </Text>
    </div>
  );
}
