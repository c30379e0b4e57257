import { type Keyframe, type Lanes, lanesIn, MOST_KEYS, MOST_KEYS_IN_ALL } from './lane.ts';
import { type LaneName, LANES } from './names.ts';

/** Wider each time that there still are too many keyframes. */
const WIDER = 1.1;

/**
 * Lanes with a keyframe for every frame, with as few of them as say the same: straight lines between those that stay.
 * `off`: how far off these may be, in each lane's unit; further where a take could not hold them all. `coarser`: how
 * many times as far that is. `beside`: how many keyframes stay in each lane beside these.
 */
export function thinned(
  lanes: Lanes,
  off: (name: LaneName) => number,
  beside: (name: LaneName) => number = () => 0,
): { readonly lanes: Lanes; readonly coarser: number } {
  for (let coarser = 1; ; coarser *= WIDER) {
    const thin = lanesIn(lanes).map((name) => [name, thinLane(name, lanes[name]!.keys, coarser * off(name))] as const);
    const counts = thin.map(([name, { length }]) => length + beside(name));
    if (counts.every((count) => count <= MOST_KEYS) && counts.reduce((a, b) => a + b, 0) <= MOST_KEYS_IN_ALL)
      return { lanes: Object.fromEntries(thin.map(([name, keys]) => [name, { ...lanes[name]!, keys }])), coarser };
  }
}

/** Moments are apart as they were; of a great many, every other one is left out until they are few enough. */
function thinLane(name: LaneName, keys: readonly Keyframe[], off: number): Keyframe[] {
  if (LANES[name].way === 'moments')
    return keys.filter((_, place) => place % Math.ceil(keys.length / MOST_MOMENTS) === 0);
  return withoutStraight(keys, off);
}
const MOST_MOMENTS = 1000;

/**
 * Keyframes that no line between those that stay is further from than `off`: the one furthest from the line between the
 * ends stays, and so on between it and them (Douglas and Peucker 1973; away in value, as times are exact).
 */
export function withoutStraight(keys: readonly Keyframe[], off: number): Keyframe[] {
  if (keys.length < 2) return keys.map(linear);
  const stays = new Set([0, keys.length - 1]);
  const spans: [number, number][] = [[0, keys.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span;
    const [a, b] = [keys[first]!, keys[last]!];
    let [furthest, away] = [first, off];
    for (let k = first + 1; k < last; k++) {
      const { at, value } = keys[k]!;
      const here = Math.abs(value - (a.value + ((at - a.at) / (b.at - a.at)) * (b.value - a.value)));
      if (here > away) [furthest, away] = [k, here];
    }
    if (furthest === first) continue;
    stays.add(furthest);
    spans.push([first, furthest], [furthest, last]);
  }
  const kept = keys.filter((_, place) => stays.has(place)).map(linear);
  // What never leaves one value by more than that is one keyframe.
  return kept.length === 2 && Math.abs(kept[1]!.value - kept[0]!.value) <= off ? [kept[0]!] : kept;
}

const linear = (key: Keyframe): Keyframe => ({ ...key, curve: 'linear' });
