import { NumberInput, Popover, SimpleGrid } from '@mantine/core';
import {
  handleOf,
  type Keyframe,
  LANES,
  setHandle,
  type Side,
  SIDES,
} from '../../../../../shared/domain/lanes/index.ts';
import { useStore } from '../../../../ground/store.ts';
import { useTake, useTakeEditor } from '../../../../take/use-take.tsx';
import type { KeyedPlace } from '../lane-layout.ts';
import { useTimeline } from '../use-timeline.tsx';
import { keysIn } from './key-edits.ts';
import { laneTitle, shownIn } from './lane-words.ts';

const NAMES = { before: 'Before', after: 'After' } as const satisfies Record<Side, string>;

/** The handles of a keyframe as numbers, each side by itself, where they were asked for. */
export function TypedHandles({ place, keyframe }: { readonly place: KeyedPlace; readonly keyframe: Keyframe }) {
  const { name, top, height } = place;
  const editor = useTakeEditor();
  const { take } = useTake();
  const { handles } = useTimeline();
  if (useStore(handles) !== keyframe.id) return null;
  const { factor, digits, sign } = shownIn(name);
  const { least, most } = LANES[name];
  const fields = SIDES.flatMap((side) => {
    const handle = handleOf(keysIn(take, name), keyframe.id, side);
    if (!handle) return [];
    const enter = (change: Partial<typeof handle>) =>
      editor.edit(
        'bend the curve',
        (now) => setHandle(now, name, keyframe.id, { ...handle, ...change, side, joined: false }),
        `handle ${side} typed`,
      );
    return [
      {
        label: `${NAMES[side]}, time`,
        sign: ' s',
        digits: 2,
        step: 0.04,
        value: handle.seconds,
        min: 0,
        max: Infinity,
        enter: (seconds: number) => enter({ seconds }),
      },
      {
        label: `${NAMES[side]}, ${laneTitle(name).toLowerCase()}`,
        sign,
        digits,
        step: 10 ** -digits,
        value: handle.value * factor,
        min: (least - keyframe.value) * factor,
        max: (most - keyframe.value) * factor,
        enter: (value: number) => enter({ value: value / factor }),
      },
    ];
  });
  return (
    <Popover
      opened
      onChange={(open) => !open && handles.set(null)}
      position="top"
      hideDetached={false} // its place has no size
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false} // nothing that can be pressed opens it
    >
      <Popover.Target>
        <span
          className="key-handles-place"
          style={{ left: `calc(var(--pps) * ${keyframe.at}px)`, top: top + height / 2 }}
        />
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label="Handles of the keyframe"
        onPointerDown={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.key === 'Enter' && handles.set(null)}
      >
        <SimpleGrid cols={2} spacing={6} verticalSpacing={6} w={220}>
          {fields.map((field) => (
            <NumberInput
              key={field.label}
              size="xs"
              label={field.label}
              suffix={field.sign}
              value={Number(field.value.toFixed(field.digits)) + 0}
              min={field.min}
              max={field.max}
              step={field.step}
              decimalScale={field.digits}
              clampBehavior="blur"
              onValueChange={({ floatValue }, { source }) => {
                if (source === 'event' && floatValue !== undefined) field.enter(floatValue);
              }}
              onBlur={() => editor.settle()}
            />
          ))}
        </SimpleGrid>
      </Popover.Dropdown>
    </Popover>
  );
}
