import { Anchor, Group, Slider, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { Take } from '../../../../shared/domain/take.ts';
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
  /** One that stands for itself, and goes both ways from what is usual. */
  readonly heading?: boolean;
  /** What it says cannot be had now; going back to the usual can. */
  readonly disabled?: boolean;
  readonly children?: ReactNode;
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
  heading = false,
  disabled = false,
  children,
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
    <Stack gap={6} className="take-slider">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={heading ? 600 : 500}>
          {name}
        </Text>
        <Group gap="xs">
          {value !== usual && (
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={reset}
              aria-label={`${name}: back to ${percent(usual)}`}
            >
              Back to {percent(usual)}
            </Anchor>
          )}
          <Text size="sm" className="take-slider-value">
            {percent(value)}
          </Text>
        </Group>
      </Group>
      <Slider
        min={min}
        max={max}
        step={1 / STEPS}
        value={value}
        {...(heading ? { startPointValue: usual, marks: [{ value: usual }] } : {})}
        disabled={disabled}
        label={null}
        thumbLabel={name}
        thumbProps={children ? { 'aria-describedby': about } : {}}
        thumbValueText={percent}
        onDoubleClick={() => requestAnimationFrame(reset)} // the slider itself takes the second press to the next frame
        onChange={(next) => set(next, edit)}
        onChangeEnd={() => editor.settle()}
      />
      {children && <div id={about}>{children}</div>}
    </Stack>
  );
}
