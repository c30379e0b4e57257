import type { SoundClip, Speech, Take } from '../take.ts';
import { type Keyframe, type Lane, lanesIn, LATEST_SECONDS, MOST_KEYS, MOST_KEYS_IN_ALL, withinLane } from './lane.ts';
import { type LaneName } from './names.ts';

// Edits of lanes. Each answers with the same take when there is nothing to do.

/** Keyframes of the same one of these are at the same time, seconds: no film has so many frames. */
export const MOMENT = 0.001;
const EMPTY_LANE: Lane = { keys: [], muted: false, solo: false };

/** Which keyframes of which lanes: by their ids. */
export type ChosenKeys = { readonly [Name in LaneName]?: ReadonlySet<string> };
/** Keyframes to be put in elsewhere: `at` from the first of all of them on. */
export type CopiedKeys = { readonly [Name in LaneName]?: readonly Keyframe[] };

/** Adds a keyframe, in place of one that is there at the same time, whose id it then gets. */
export function setKey(take: Take, name: LaneName, key: Keyframe): Take {
  const lane = take.lanes[name] ?? EMPTY_LANE;
  const there = lane.keys.find(({ at }) => momentOf(at) === momentOf(key.at));
  if (!there && keysOf(take) >= MOST_KEYS_IN_ALL) return take;
  const set = { ...key, ...(there ? { id: there.id, at: there.at } : {}) };
  return withKeys(take, name, [...lane.keys.filter(({ id }) => id !== key.id), set]);
}

/** Another value, curve or handles of one keyframe. */
export function changeKey(take: Take, name: LaneName, id: string, change: Partial<Omit<Keyframe, 'id' | 'at'>>): Take {
  const keys = take.lanes[name]?.keys ?? [];
  if (keys.every((key) => key.id !== id)) return take;
  return withKeys(
    take,
    name,
    keys.map((key) => (key.id === id ? { ...key, ...change } : key)),
  );
}

/** Curves as the neighbours make them, on one side of the keyframes or on both. */
export function clearHandles(take: Take, chosen: ChosenKeys, side?: 'before' | 'after'): Take {
  return eachLane(take, (keys, name) =>
    keys.map((key) => {
      const { before, after, ...bare } = key;
      if (!chosen[name]?.has(key.id) || (!before && !after)) return key;
      if (side === undefined || (side === 'before' ? !after : !before)) return bare;
      return side === 'before' ? { ...bare, after: after! } : { ...bare, before: before! };
    }),
  );
}

export function removeKeys(take: Take, chosen: ChosenKeys): Take {
  return eachLane(take, (keys, name) => keys.filter(({ id }) => !chosen[name]?.has(id)));
}

/** Later by `seconds`, all as far as the first can go; what was where they come to makes room for them. */
export function moveKeys(take: Take, chosen: ChosenKeys, seconds: number): Take {
  const span = spanOf(take, chosen);
  if (!span) return take;
  const by = Math.min(Math.max(seconds, -span.from), LATEST_SECONDS - span.to);
  return by === 0 ? take : replaceKeys(take, chosen, (at) => at + by);
}

/** Their times as they are between `from` and `to`, the first and the last, spread from `from` to `end`. */
export function stretchKeys(take: Take, chosen: ChosenKeys, end: number): Take {
  const span = spanOf(take, chosen);
  if (!span || span.to <= span.from || end <= span.from || end === span.to || end > LATEST_SECONDS) return take;
  const factor = (end - span.from) / (span.to - span.from);
  return replaceKeys(take, chosen, (at) => span.from + (at - span.from) * factor, factor);
}

export function copyKeys(take: Take, chosen: ChosenKeys): CopiedKeys {
  const from = spanOf(take, chosen)?.from ?? 0;
  return Object.fromEntries(
    lanesIn(take.lanes)
      .map((name) => [
        name,
        take.lanes[name]!.keys.filter(({ id }) => chosen[name]?.has(id)).map((key) => ({ ...key, at: key.at - from })),
      ])
      .filter(([, keys]) => keys!.length > 0),
  );
}

/** Puts copies in from `at` on; each gets an id of `newId`. What lies where they come to makes room. */
export function pasteKeys(take: Take, copied: CopiedKeys, at: number, newId: () => string): Take {
  const all = Object.values(copied).reduce((sum, keys) => sum + keys.length, 0);
  if (all === 0 || keysOf(take) + all > MOST_KEYS_IN_ALL) return take;
  return (Object.keys(copied) as LaneName[]).reduce((now, name) => {
    const pasted = copied[name]!.map((key) => ({ ...key, id: newId(), at: at + key.at }));
    return withKeys(now, name, [...(now.lanes[name]?.keys ?? []), ...pasted]);
  }, take);
}

/** The keyframes that lie under a clip: those that go with it when it is moved (`moveKeys`). */
export function keysUnder(take: Take, { at, seconds }: Pick<SoundClip, 'at' | 'seconds'>): ChosenKeys {
  return Object.fromEntries(
    lanesIn(take.lanes).map((name) => [
      name,
      new Set(take.lanes[name]!.keys.filter((key) => key.at >= at && key.at < at + seconds).map(({ id }) => id)),
    ]),
  );
}

export function setMuted(take: Take, name: LaneName, muted: boolean): Take {
  return marked(take, name, { muted });
}

export function setSolo(take: Take, name: LaneName, solo: boolean): Take {
  return marked(take, name, { solo });
}

/** Back to the motion that is there without it. */
export function clearLane(take: Take, name: LaneName): Take {
  if (!take.lanes[name]) return take;
  const { [name]: _, ...lanes } = take.lanes;
  return { ...take, lanes };
}

/** Said as `speech` says, throughout: of what it names, nothing is keyed any more. */
export function saidAs(take: Take, speech: Partial<Speech>): Take {
  const told = Object.keys(speech) as (keyof Speech)[];
  const lanes = lanesIn(take.lanes).filter(
    (name) => told.some((part) => name === `speech.${part}`) || (told.includes('style') && name.startsWith('style.')),
  );
  return lanes.reduce(clearLane, { ...take, speech: { ...take.speech, ...speech } });
}

/** How many keyframes a take has. */
export function keysOf({ lanes }: Pick<Take, 'lanes'>): number {
  return Object.values(lanes).reduce((sum, lane) => sum + (lane?.keys.length ?? 0), 0);
}

/** From the first to the last of them, seconds; undefined of none. */
export function spanOf(
  { lanes }: Pick<Take, 'lanes'>,
  chosen: ChosenKeys,
): { readonly from: number; readonly to: number } | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const [name, ids] of Object.entries(chosen) as [LaneName, ReadonlySet<string>][]) {
    for (const { id, at } of lanes[name]?.keys ?? []) {
      if (!ids.has(id)) continue;
      from = Math.min(from, at);
      to = Math.max(to, at);
    }
  }
  return to >= from ? { from, to } : undefined;
}

function replaceKeys(take: Take, chosen: ChosenKeys, move: (at: number) => number, factor = 1): Take {
  return eachLane(take, (keys, name) => {
    const ids = chosen[name];
    if (!ids || ids.size === 0) return keys;
    const moved = keys
      .filter(({ id }) => ids.has(id))
      .map((key) => ({ ...key, at: move(key.at), ...handlesOf(key, factor) }));
    return [...keys.filter(({ id }) => !ids.has(id)), ...moved];
  });
}

function handlesOf({ before, after }: Keyframe, factor: number): Pick<Keyframe, 'before' | 'after'> {
  return {
    ...(before ? { before: { ...before, seconds: before.seconds * factor } } : {}),
    ...(after ? { after: { ...after, seconds: after.seconds * factor } } : {}),
  };
}

function eachLane(take: Take, change: (keys: readonly Keyframe[], name: LaneName) => readonly Keyframe[]): Take {
  return lanesIn(take.lanes).reduce((now, name) => {
    const { keys } = take.lanes[name]!;
    const changed = change(keys, name);
    return changed.length === keys.length && changed.every((key, place) => key === keys[place])
      ? now
      : withKeys(now, name, changed);
  }, take);
}

/** In order, within the lane, no two at the same time: of those that would be, the later in the list. */
function withKeys(take: Take, name: LaneName, keys: readonly Keyframe[]): Take {
  const apart = [...new Map(keys.map((key) => [momentOf(key.at), key])).values()].toSorted((a, b) => a.at - b.at);
  if (apart.length > MOST_KEYS) return take;
  return withLane(take, name, {
    ...(take.lanes[name] ?? EMPTY_LANE),
    keys: apart.map((key) => withinLane(name, key)),
  });
}

function marked(take: Take, name: LaneName, mark: Partial<Pick<Lane, 'muted' | 'solo'>>): Take {
  const lane = take.lanes[name] ?? EMPTY_LANE;
  const changed = { ...lane, ...mark };
  return changed.muted === lane.muted && changed.solo === lane.solo ? take : withLane(take, name, changed);
}

/** A lane that says nothing is none. */
function withLane(take: Take, name: LaneName, lane: Lane): Take {
  if (lane.keys.length === 0 && !lane.muted && !lane.solo) return clearLane(take, name);
  return { ...take, lanes: { ...take.lanes, [name]: lane } };
}

const momentOf = (at: number): number => Math.round(at / MOMENT);
