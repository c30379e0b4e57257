import { Group, Slider, Text } from '@mantine/core';
import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { useTake } from '../../../take/use-take.tsx';
import { TakeMenu } from './take-menu.tsx';
import { useTimeline, useTimelineWindow } from './use-timeline.tsx';
import { ActionButton } from '../transport/action-button.tsx';
import { Icon } from '../transport/icons.tsx';
import { TimecodeField } from '../transport/timecode-field.tsx';
import { useShownState, useSoundLevel, useTransport } from '../transport/use-transport.tsx';

/** Everything that plays, marks and cuts, over the lanes. */
export function TransportBar({ project }: { readonly project: ProjectDetail }) {
  const { playback, loop } = useShownState();
  const { canUndo, canRedo } = useTake();
  const playing = playback.kind === 'playing';
  return (
    <Group className="transport-bar" gap="xs" wrap="nowrap" role="toolbar" aria-label="Transport">
      <TakeMenu project={project} />
      <Group gap={2} wrap="nowrap">
        <ActionButton id="playback.start" icon="start" label="To the beginning" />
        <ActionButton id="playback.backwards" icon="backwards" label="Play backwards" />
        <ActionButton id="playback.toggle" icon={playing ? 'pause' : 'play'} label={playing ? 'Pause' : 'Play'} />
        <ActionButton id="playback.forwards" icon="forwards" label="Play forwards, faster" />
        <ActionButton id="playback.end" icon="end" label="To the end" />
      </Group>
      <TimecodeField />
      <Text size="xs" c="dimmed" w={34} aria-live="off">
        {playing && playback.rate !== 1 ? `${playback.rate}×` : ''}
      </Text>
      <Group gap={2} wrap="nowrap">
        <ActionButton id="timeline.in" icon="in" label="Set the in point here" />
        <ActionButton id="timeline.out" icon="out" label="Set the out point here" />
        <ActionButton id="playback.loop" icon="loop" label="Loop" pressed={loop} />
      </Group>
      <Group gap={2} wrap="nowrap">
        <ActionButton id="timeline.marker" icon="marker" label="Add a marker here" />
        <ActionButton id="timeline.split" icon="split" label="Split the sound here" />
        <ActionButton id="timeline.delete" icon="delete" label="Delete what is selected" />
      </Group>
      <Group gap={2} wrap="nowrap">
        <ActionButton
          id="edit.undo"
          icon="undo"
          label="Undo"
          hint={canUndo === null ? undefined : `Undo: ${canUndo}`}
        />
        <ActionButton
          id="edit.redo"
          icon="redo"
          label="Redo"
          hint={canRedo === null ? undefined : `Redo: ${canRedo}`}
        />
      </Group>
      <Group gap="xs" wrap="nowrap" ml="auto">
        <Volume hasSound={project.sounds.length > 0} />
        <Zoom />
      </Group>
    </Group>
  );
}

function Volume({ hasSound }: { readonly hasSound: boolean }) {
  const [level, setLevel] = useSoundLevel();
  return (
    <>
      <Icon name={level === 0 ? 'mute' : 'sound'} />
      <Slider
        w={64}
        mr="xs"
        size="xs"
        color="var(--mantine-color-dimmed)"
        min={0}
        max={1}
        step={0.05}
        value={level}
        disabled={!hasSound}
        label={(value) => `Volume ${Math.round(value * 100)} %`}
        thumbLabel="Volume"
        onChange={setLevel}
      />
    </>
  );
}

function Zoom() {
  const { view } = useTimeline();
  const transport = useTransport();
  useTimelineWindow();
  return (
    <>
      <Icon name="zoom" />
      <Slider
        className="zoom-slider"
        size="xs"
        color="var(--mantine-color-dimmed)"
        min={0}
        max={1}
        step={0.01}
        value={view.zoom}
        label={null}
        thumbLabel="Zoom of the timeline"
        onChange={(zoom) => view.setZoom(zoom, visible(view, transport.now()))}
      />
      <ActionButton id="timeline.fit" icon="fit" label="Show the whole timeline" />
    </>
  );
}

/** Zooming is about the playhead when that is on screen, about the middle otherwise. */
function visible(view: ReturnType<typeof useTimeline>['view'], playhead: number): number {
  const { from } = view.window;
  return playhead >= from && playhead <= view.to ? playhead : (from + view.to) / 2;
}
