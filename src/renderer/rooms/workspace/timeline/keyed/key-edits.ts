import {
  changeKey,
  type ChosenKeys,
  type Keyframe,
  type LaneName,
  LANE_NAMES,
  LANES,
  moveKeys,
  setKey,
  valueAt,
} from '../../../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../../../shared/domain/take.ts';

export const keysIn = ({ lanes }: Pick<Take, 'lanes'>, name: LaneName): readonly Keyframe[] => lanes[name]?.keys ?? [];

/** The keyframe of the frame that is shown at `at`, which lasts `frame` seconds. */
export function keyAt(take: Pick<Take, 'lanes'>, name: LaneName, at: number, frame: number): Keyframe | undefined {
  return keysIn(take, name).find((key) => Math.abs(key.at - at) < frame / 2);
}

/** The control is `value` at `at` from now on: the keyframe of that frame is changed, or one is added. */
export function keyed(
  take: Take,
  name: LaneName,
  {
    at,
    value,
    frame,
    id,
  }: { readonly at: number; readonly value: number; readonly frame: number; readonly id: string },
): Take {
  const there = keyAt(take, name, at, frame);
  return there ? changeKey(take, name, there.id, { value }) : setKey(take, name, { id, at, value, curve: 'smooth' });
}

/** What a lane has at a moment; `usual` before it has any keyframe. */
export const laneValue = (take: Pick<Take, 'lanes'>, name: LaneName, at: number, usual: number): number =>
  LANES[name].way === 'moments' ? usual : (valueAt(keysIn(take, name), at) ?? usual);

/** Those of one lane by their ids. */
export const inLane = (name: LaneName, ids: Iterable<string>): ChosenKeys => ({ [name]: new Set(ids) });

export const chosenIn = (chosen: ChosenKeys, name: LaneName): ReadonlySet<string> => chosen[name] ?? NO_KEYS;
export const NO_KEYS: ReadonlySet<string> = new Set();

export const countOf = (chosen: ChosenKeys): number =>
  Object.values(chosen).reduce((sum, ids) => sum + (ids?.size ?? 0), 0);

/** With one more, or without it where it was chosen. */
export function toggled(chosen: ChosenKeys, name: LaneName, id: string): ChosenKeys {
  const ids = new Set(chosenIn(chosen, name));
  if (!ids.delete(id)) ids.add(id);
  return { ...chosen, [name]: ids };
}

/**
 * All that are chosen later by `seconds`, and those of one lane by `value` higher, all as far as any of them can go.
 * `from`: the take as it was when the gesture began, so that what they pass over on the way is not lost.
 */
export function dragged(
  from: Take,
  chosen: ChosenKeys,
  by: { readonly seconds: number; readonly name: LaneName; readonly value: number },
  reach: { readonly from: number; readonly to: number },
): Take {
  const ids = chosenIn(chosen, by.name);
  const values = keysIn(from, by.name).filter(({ id }) => ids.has(id));
  const lowest = Math.min(...values.map(({ value }) => value));
  const highest = Math.max(...values.map(({ value }) => value));
  const rise = Math.min(Math.max(by.value, Math.min(0, reach.from - lowest)), Math.max(0, reach.to - highest));
  const raised =
    rise === 0
      ? from
      : values.reduce((now, { id, value }) => changeKey(now, by.name, id, { value: value + rise }), from);
  return moveKeys(raised, chosen, by.seconds);
}

/** When there is something to go to: the times of all keyframes of some lanes, ascending. */
export function keyTimes(take: Pick<Take, 'lanes'>, names: readonly LaneName[] = LANE_NAMES): readonly number[] {
  const times = names.flatMap((name) => keysIn(take, name).map(({ at }) => at));
  return [...new Set(times)].toSorted((a, b) => a - b);
}
