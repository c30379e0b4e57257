import type { LaneName } from '../../../../../shared/domain/lanes/index.ts';
import { removeKeys } from '../../../../../shared/domain/lanes/index.ts';
import { newId } from '../../../../take/new-id.ts';
import { useTake } from '../../../../take/use-take.tsx';
import { inLane, keyAt, keyed, keysIn } from '../../timeline/keyed/key-edits.ts';
import { laneTitle } from '../../timeline/keyed/lane-words.ts';
import './move.css';

/** Whether a control has a keyframe at the playhead: a press adds one of what it is there, or takes it away. */
export function LaneKey({
  name,
  at,
  fps,
  value,
}: {
  readonly name: LaneName;
  readonly at: number;
  readonly fps: number;
  readonly value: number;
}) {
  const { take, edit } = useTake();
  const key = keyAt(take, name, at, 1 / fps);
  const title = laneTitle(name);
  const press = () =>
    key
      ? edit(`remove keyframe of ${title}`, (before) => removeKeys(before, inLane(name, [key.id])))
      : edit(`add keyframe of ${title}`, (before) => keyed(before, name, { at, value, frame: 1 / fps, id: newId() }));
  return (
    <button
      type="button"
      className="lane-key"
      aria-pressed={key !== undefined}
      aria-label={`Keyframe of ${title} here`}
      title={key ? 'Remove the keyframe here' : 'Add a keyframe here'}
      data-keyed={keysIn(take, name).length > 0 || undefined}
      onClick={press}
    >
      <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d="M6 1 11 6 6 11 1 6z" fill={key ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.3" />
      </svg>
    </button>
  );
}
