import type { ProjectDetail } from '../../../../../shared/contract/studio.ts';
import type { KeyedPlace } from '../lane-layout.ts';
import { KeyRow } from './key-row.tsx';

/** Where keyframes are taken hold of; what is seen of them is on the canvas underneath. */
export function KeyedRows({
  project,
  places,
}: {
  readonly project: ProjectDetail;
  readonly places: readonly KeyedPlace[];
}) {
  return places.map((place) => <KeyRow key={place.name} place={place} fps={project.source.fps} />);
}
