import { Popover, Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { FRAME_STATES } from '../footage/track.ts';
import { drawTile, STATE_NAMES } from './lanes/frame-states.ts';
import type { LaneLayout, FixedLane } from './lane-layout.ts';
import { AddLane } from './keyed/add-lane.tsx';
import { LaneHead } from './keyed/lane-head.tsx';
import { COLOURS } from './colours.ts';
import { SoundHeads } from './sound-heads.tsx';

const NAMES: Readonly<Record<Exclude<FixedLane, 'ruler' | 'frames' | 'sound'>, string>> = {
  film: 'Film',
  pitch: 'Pitch',
  mouth: 'Mouth',
};

/** What the lanes are, beside them; what their colours mean is one press away. */
export function LaneNames({ lanes, sounds }: { readonly lanes: LaneLayout; readonly sounds: ProjectDetail['sounds'] }) {
  return (
    <div className="lane-names">
      <AddLane place={lanes.ruler} />
      <SoundHeads place={lanes.sound} sounds={sounds} />
      {lanes.keyed.map((place) => (
        <LaneHead key={place.name} place={place} />
      ))}
      {(['film', 'pitch', 'mouth'] as const).map((name) => (
        <span key={name} style={{ top: lanes[name].top, height: lanes[name].height }}>
          {NAMES[name]}
        </span>
      ))}
      <Popover position="top-start" withArrow shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <button
            type="button"
            style={{ top: lanes.frames.top - 2, height: lanes.frames.height + 4 }}
            aria-label="Frames: what the patterns and lines mean"
          >
            Frames
          </button>
        </Popover.Target>
        <Popover.Dropdown data-autofocus tabIndex={-1}>
          <Text size="sm" fw={600} mb={4}>
            Frames
          </Text>
          <ul className="lane-legend">
            {FRAME_STATES.map((state) => (
              <li key={state}>
                <Swatch state={state} /> {STATE_NAMES[state]}
              </li>
            ))}
          </ul>
          <Text size="sm" fw={600} mt="xs" mb={4}>
            Lines
          </Text>
          <ul className="lane-legend">
            <li>
              <i data-line="pitch" /> pitch of the voice, 60 to 500 Hz
            </li>
            <li>
              <i data-line="tracked" /> mouth in the video
            </li>
            <li>
              <i data-line="driven" /> mouth of the avatar
            </li>
          </ul>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function Swatch({ state }: { readonly state: (typeof FRAME_STATES)[number] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('dark');
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const colours = COLOURS[scheme];
    const tile = new OffscreenCanvas(12, 12);
    const drawing = tile.getContext('2d')!;
    drawing.scale(2, 2);
    drawTile(drawing, state, colours[state], colours.lane);
    context.fillStyle = state === 'good' ? colours.good : context.createPattern(tile, 'repeat')!;
    context.fillRect(0, 0, 48, 24);
  }, [scheme, state]);
  return <canvas ref={canvas} width={48} height={24} className="lane-swatch" />;
}
