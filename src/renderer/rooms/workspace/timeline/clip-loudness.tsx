import { NumberInput, Popover, Stack, Text } from '@mantine/core';
import type { PointerEvent } from 'react';
import { cornersOf, factorOf, fadesOf, isPlain, setFade, setGain } from '../../../../shared/domain/loudness.ts';
import { GAIN, type SoundClip } from '../../../../shared/domain/take.ts';
import { keepFocus } from '../../../ground/keep-focus.ts';
import { useStore } from '../../../ground/store.ts';
import { useTakeEditor } from '../../../take/use-take.tsx';
import { followPointer } from './drag.ts';
import { clipsIn } from './selection.ts';
import { useTimeline } from './use-timeline.tsx';
import './loudness.css';

/** dB that arrow keys change a gain by, with Shift the second; drags go by the first. */
const STEP = { fine: 0.5, coarse: 3 };
/** Pixels between a fade's handle and the clip's edge, which trims it. */
const BESIDE = 10;

/** How far down a clip a gain lies, 0 to 1: as a fader, so that what is near the usual has most of the room. */
const HIGHEST = Math.cbrt(factorOf(GAIN.most));
const depthOf = (factor: number): number => 1 - Math.cbrt(factor) / HIGHEST;
const gainAt = (depth: number): number => 60 * Math.log10(Math.max(HIGHEST * (1 - depth), 1e-3));

const inSteps = (decibels: number): number => Math.round(decibels / STEP.fine) * STEP.fine;
const inWords = (decibels: number): string => `${decibels > 0 ? '+' : ''}${Number(decibels.toFixed(1))} dB`;

/** How loud a clip is, drawn on it, and what to drag of that while it is selected: its gain, and a fade at each end. */
export function ClipLoudness({
  clip,
  name,
  fps,
  height,
  selected,
  onClick,
  onDoubleClick,
}: {
  readonly clip: SoundClip;
  readonly name: string;
  readonly fps: number;
  /** CSS pixels. */
  readonly height: number;
  readonly selected: boolean;
  /** It was pressed and not dragged, at this place of the page, CSS pixels. */
  readonly onClick: (clientX: number) => void;
  readonly onDoubleClick: () => void;
}) {
  const editor = useTakeEditor();
  const { view, selection } = useTimeline();
  const gain = clip.gain ?? GAIN.usual;
  const { fadeIn, fadeOut } = fadesOf(clip);
  const chosen = clipsIn(selection);
  const ids = chosen.has(clip.id) ? chosen : new Set([clip.id]);
  const only = new Set([clip.id]);
  const toGain = (to: number, gesture: string) =>
    editor.edit('gain', (take) => setGain(take, ids, inSteps(to)), gesture);
  const toFade = (end: 'in' | 'out', to: number, gesture: string) =>
    editor.edit(`fade ${end}`, (take) => setFade(take, only, end, to), gesture);

  const dragGain = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const from = depthOf(factorOf(gain));
    const { clientX } = event;
    const gesture = `gain ${event.timeStamp}`;
    followPointer(event, {
      upright: true,
      move: (_, { byY }) => toGain(gainAt(from + byY / height), gesture),
      end: (moved) => {
        editor.settle();
        if (!moved) onClick(clientX);
      },
    });
  };
  const dragFade = (end: 'in' | 'out', from: number) => (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const gesture = `fade ${event.timeStamp}`;
    followPointer(event, {
      move: (byX) => toFade(end, from + ((end === 'in' ? 1 : -1) * byX) / view.window.pixelsPerSecond, gesture),
      end: () => editor.settle(),
    });
  };
  const keys = (change: (steps: number, large: boolean) => void) => ({
    onKeyDown: (event: React.KeyboardEvent) => {
      const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
      if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      change(by, event.shiftKey);
    },
    onBlur: () => editor.settle(),
  });
  const corners = cornersOf(clip).map(({ into, factor }) => `${into},${depthOf(factor)}`);
  const shown = selected || !isPlain(clip);
  return (
    <>
      {shown && (
        <svg className="clip-loudness" viewBox={`0 0 ${clip.seconds} 1`} preserveAspectRatio="none" aria-hidden="true">
          <polyline points={corners.join(' ')} />
        </svg>
      )}
      {selected && (
        <>
          <div
            className="clip-gain"
            role="slider"
            tabIndex={0}
            aria-label={`Gain of ${name}`}
            aria-valuemin={GAIN.least}
            aria-valuemax={GAIN.most}
            aria-valuenow={gain}
            aria-valuetext={inWords(gain)}
            title={`Gain: ${inWords(gain)}`}
            style={{ top: `${depthOf(factorOf(gain)) * 100}%` }}
            onPointerDown={dragGain}
            onDoubleClick={onDoubleClick}
            onMouseDown={keepFocus}
            {...keys((steps, large) => toGain(gain + steps * (large ? STEP.coarse : STEP.fine), 'gain keys'))}
          />
          {(['in', 'out'] as const).map((end) => {
            const fade = end === 'in' ? fadeIn : fadeOut;
            return (
              <div
                key={end}
                className="clip-fade"
                role="slider"
                tabIndex={0}
                aria-label={`Fade ${end} of ${name}`}
                aria-valuemin={0}
                aria-valuemax={clip.seconds}
                aria-valuenow={fade}
                aria-valuetext={`${fade.toFixed(2)} seconds`}
                title={`Fade ${end}: ${fade.toFixed(2)} s`}
                style={{ [end === 'in' ? 'left' : 'right']: `max(${BESIDE}px, calc(var(--pps) * ${fade}px))` }}
                onPointerDown={dragFade(end, fade)}
                onMouseDown={keepFocus}
                {...keys((steps, large) => toFade(end, fade + steps * (large ? 1 : 1 / fps), `fade ${end} keys`))}
              />
            );
          })}
        </>
      )}
      <TypedLoudness clip={clip} ids={ids} />
    </>
  );
}

/** Gain and fades of the selected clips as numbers, beside the one that they were asked of. */
function TypedLoudness({ clip, ids }: { readonly clip: SoundClip; readonly ids: ReadonlySet<string> }) {
  const editor = useTakeEditor();
  const { loudness } = useTimeline();
  const asked = useStore(loudness) === clip.id;
  if (!asked) return null;
  const { fadeIn, fadeOut } = fadesOf(clip);
  const fields = [
    {
      label: 'Gain',
      sign: ' dB',
      value: clip.gain ?? GAIN.usual,
      min: GAIN.least as number,
      max: GAIN.most as number,
      step: STEP.fine as number,
      enter: (to: number) => editor.edit('gain', (take) => setGain(take, ids, to), 'gain typed'),
    },
    ...(['in', 'out'] as const).map((end) => ({
      label: `Fade ${end}`,
      sign: ' s',
      value: end === 'in' ? fadeIn : fadeOut,
      min: 0,
      max: clip.seconds,
      step: 0.1,
      enter: (to: number) => editor.edit(`fade ${end}`, (take) => setFade(take, ids, end, to), `fade ${end} typed`),
    })),
  ];
  return (
    <Popover
      opened
      onChange={(open) => !open && loudness.set(null)}
      position="top"
      hideDetached={false} // its place has no size, inside what is cut off at the clip
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      withRoles={false} // nothing that can be pressed opens it
    >
      <Popover.Target>
        <span className="clip-loudness-place" />
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label="Gain and fades"
        onPointerDown={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.key === 'Enter' && loudness.set(null)}
      >
        <Stack gap={6} w={150}>
          {ids.size > 1 && <Text size="xs">Of {ids.size} sounds</Text>}
          {fields.map(({ label, sign, value, enter, min, max, step }) => (
            <NumberInput
              key={label}
              size="xs"
              label={label}
              suffix={sign}
              value={Number(value.toFixed(2))}
              min={min}
              max={max}
              step={step}
              decimalScale={2}
              clampBehavior="blur"
              onChange={(to) => typeof to === 'number' && enter(to)}
              onBlur={() => editor.settle()}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
