import type { Take } from '../take.ts';
import { changeKey, MOMENT } from './edit.ts';
import type { Handle, Keyframe } from './lane.ts';
import { type LaneName, LANES } from './names.ts';
import { bezierOf } from './value.ts';

/** On which side of a keyframe a handle is. */
export const SIDES = ['before', 'after'] as const satisfies readonly (keyof Keyframe)[];
export type Side = (typeof SIDES)[number];
const other = (side: Side): Side => (side === 'before' ? 'after' : 'before');

/** The handle that a curve has there, be it set or what the neighbours make of it. */
interface ShownHandle extends Handle {
  readonly set: boolean;
}

/** Undefined where no smooth curve comes or leaves. */
export function handleOf(keys: readonly Keyframe[], id: string, side: Side): ShownHandle | undefined {
  const place = keys.findIndex((key) => key.id === id);
  const begin = side === 'after' ? place : place - 1;
  const [key, next] = [keys[begin], keys[begin + 1]];
  if (place < 0 || !key || !next || key.curve !== 'smooth') return undefined;
  const { times, values } = bezierOf({ before: keys[begin - 1], key, next, after: keys[begin + 2] });
  const length = next.at - key.at;
  return side === 'after'
    ? { seconds: times[1] * length, value: values[1] - key.value, set: key.after !== undefined }
    : { seconds: (1 - times[2]) * length, value: values[2] - next.value, set: next.before !== undefined };
}

/**
 * Sets a handle, no further than the next keyframe and the lane go. `joined`: the one on the other side keeps its
 * length and turns along, so that the curve has no corner.
 */
export function setHandle(
  take: Take,
  name: LaneName,
  id: string,
  { side, joined, ...wanted }: Handle & { readonly side: Side; readonly joined: boolean },
): Take {
  const keys = take.lanes[name]?.keys ?? [];
  const key = keys.find((one) => one.id === id);
  if (!key || !handleOf(keys, id, side)) return take;
  const { least, most } = LANES[name];
  const bounded = (at: Side, { seconds, value }: Handle): Handle => ({
    seconds: Math.min(Math.max(seconds, 0), lengthOf(keys, id, at)),
    value: Math.min(Math.max(key.value + value, least), most) - key.value,
  });
  const handle = bounded(side, wanted);
  const set = changeKey(take, name, id, { [side]: handle });
  const facing = handleOf(keys, id, other(side));
  if (!joined || !facing || handle.seconds < MOMENT) return set; // so short a handle has no direction
  const turned = { seconds: facing.seconds, value: (-handle.value / handle.seconds) * facing.seconds };
  return changeKey(set, name, id, { [other(side)]: bounded(other(side), turned) });
}

/** Seconds from a keyframe to its neighbour on a side. */
function lengthOf(keys: readonly Keyframe[], id: string, side: Side): number {
  const place = keys.findIndex((key) => key.id === id);
  const neighbour = keys[side === 'after' ? place + 1 : place - 1];
  return neighbour ? Math.abs(neighbour.at - keys[place]!.at) : 0;
}
