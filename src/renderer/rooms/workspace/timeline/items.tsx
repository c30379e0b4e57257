import type { ProjectDetail } from '../../../../shared/contract/studio.ts';
import { rowsOf } from '../../../../shared/domain/clips.ts';
import { heardClips } from '../../../../shared/domain/loudness.ts';
import { takeSeconds } from '../../../../shared/domain/take.ts';
import { useTake } from '../../../take/use-take.tsx';
import { ClipBlock } from './clip-block.tsx';
import { GuideLine } from './guide-line.tsx';
import type { LaneLayout } from './lane-layout.ts';
import { MarkerFlag } from './marker-flag.tsx';
import { RangeHandles } from './range-handles.tsx';
import { TimelineLayer } from './timeline-layer.tsx';
import { useTimeline } from './use-timeline.tsx';
import './items.css';

/** What of the timeline can be taken hold of. */
export function Items({ project, lanes }: { readonly project: ProjectDetail; readonly lanes: LaneLayout }) {
  const { guide } = useTimeline();
  const { take } = useTake();
  const { rows, count } = rowsOf(take.clips);
  const rowHeight = lanes.sound.height / count;
  const heard = new Set(heardClips(take));
  const { fps, duration } = project.source;
  return (
    <TimelineLayer>
      <RangeHandles range={take.range} duration={Math.max(duration, takeSeconds(take))} fps={fps} />
      {take.markers.map((marker) => (
        <MarkerFlag key={marker.id} marker={marker} fps={fps} />
      ))}
      {take.clips.map((clip) => {
        const sound = project.sounds.find(({ id }) => id === clip.sound);
        return (
          <ClipBlock
            key={clip.id}
            clip={clip}
            name={sound?.name ?? 'Missing sound'}
            missing={sound === undefined}
            silent={!heard.has(clip)}
            length={sound?.seconds ?? clip.start + clip.seconds}
            fps={fps}
            place={{ top: lanes.sound.top + rowHeight * (rows.get(clip.id) ?? 0), height: rowHeight - 1 }}
          />
        );
      })}
      <GuideLine guide={guide} />
    </TimelineLayer>
  );
}
