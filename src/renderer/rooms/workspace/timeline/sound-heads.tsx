import { rowsOf } from '../../../../shared/domain/clips.ts';
import { setSoundsMuted, setSoundsSolo } from '../../../../shared/domain/loudness.ts';
import type { SoundInfo } from '../../../../shared/contract/studio.ts';
import { useTake } from '../../../take/use-take.tsx';
import type { LaneLayout } from './lane-layout.ts';

/** Beside each row of sounds what is in it, to be muted or heard alone. */
export function SoundHeads({
  place,
  sounds,
}: {
  readonly place: LaneLayout['sound'];
  readonly sounds: readonly SoundInfo[];
}) {
  const { take, edit } = useTake();
  const { rows, count } = rowsOf(take.clips);
  const height = place.height / count;
  return Array.from({ length: count }, (_, row) => {
    const ids = [...new Set(take.clips.filter(({ id }) => rows.get(id) === row).map(({ sound }) => sound))];
    const name = ids.map((id) => sounds.find((sound) => sound.id === id)?.name ?? 'a missing sound').join(', ');
    const [muted, solo] = [take.muted, take.solo].map(
      (marked) => ids.length > 0 && ids.every((id) => marked.includes(id)),
    );
    return (
      <div key={row} className="lane-head" style={{ top: place.top + row * height, height }}>
        <span className="sound-title" title={name}>
          Sound
        </span>
        {ids.length > 0 && (
          <div className="lane-marks">
            <button
              type="button"
              aria-pressed={muted}
              aria-label={`Mute ${name}`}
              title={`Mute ${name}`}
              onClick={() =>
                edit(muted ? 'unmute sound' : 'mute sound', (before) => setSoundsMuted(before, ids, !muted))
              }
            >
              M
            </button>
            <button
              type="button"
              aria-pressed={solo}
              aria-label={`${name} alone`}
              title={`Solo: only ${name}`}
              onClick={() => edit(solo ? 'all sounds' : 'sound alone', (before) => setSoundsSolo(before, ids, !solo))}
            >
              S
            </button>
          </div>
        )}
      </div>
    );
  });
}
