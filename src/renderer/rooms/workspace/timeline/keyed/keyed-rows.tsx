import type { ProjectDetail } from '../../../../../shared/contract/studio.ts';
import type { KeyedPlace } from '../lane-layout.ts';
import { TimelineLayer } from '../timeline-layer.tsx';
import { KeyHandles } from './key-handles.tsx';
import { KeyRow } from './key-row.tsx';

/** Where keyframes are taken hold of; what is seen of them is on the canvas underneath. */
export function KeyedRows({
  project,
  places,
}: {
  readonly project: ProjectDetail;
  readonly places: readonly KeyedPlace[];
}) {
  const { fps } = project.source;
  return (
    <>
      {places.map((place) => (
        <KeyRow key={place.name} place={place} fps={fps} />
      ))}
      <TimelineLayer>
        <KeyHandles places={places} fps={fps} />
      </TimelineLayer>
    </>
  );
}
