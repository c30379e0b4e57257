import {
  type Keyframe,
  type Lane,
  LANE_NAMES,
  type LaneName,
  LANES,
  MOMENT,
  thinned,
  valueAt,
} from '../../../../shared/domain/lanes/index.ts';
import type { Take } from '../../../../shared/domain/take.ts';

type Values = { readonly [Name in LaneName]?: number };

/** Between what was recorded and what a lane is beside it, seconds: a frame. */
const EDGE = 0.04;
/** Of what has no measure of its own: of a share less is not seen. */
const OFF = 0.02;
/** What a lane is where nobody keyed it, as far as that can be keyed; the others are as the motion has them. */
const PLAIN: Values = { 'blink.amount': 1 };

/** What a camera drove, moment by moment, to be laid into a take's lanes. */
export class RecordedLanes {
  readonly #keys = new Map<LaneName, Keyframe[]>();
  readonly #newId: () => string;
  readonly #from: number;
  #to: number;

  /** From a moment of the timeline on, seconds. */
  constructor(from: number, newId: () => string) {
    this.#from = this.#to = from;
    this.#newId = newId;
  }

  get seconds(): number {
    return this.#to - this.#from;
  }

  /** What was driven at a moment; one that is not after the last one is left out. */
  add(at: number, values: Values): void {
    if (at < this.#from || (this.#keys.size > 0 && at < this.#to + MOMENT)) return;
    this.#to = at;
    for (const [name, value] of Object.entries(values) as [LaneName, number][]) {
      const keys = this.#keys.get(name) ?? [];
      keys.push({ id: this.#newId(), at, value, curve: 'linear' });
      this.#keys.set(name, keys);
    }
  }

  /** In the place of what was keyed meanwhile; `off`: how far each lane may be off. The same take where nothing was. */
  into(take: Take, off: Values): Take {
    if (this.#keys.size === 0) return take;
    const beside = (name: LaneName): Keyframe[] =>
      (take.lanes[name]?.keys ?? []).filter(({ at }) => at < this.#from - EDGE || at > this.#to + EDGE);
    const whole = Object.fromEntries([...this.#keys].map(([name, keys]) => [name, { ...PLAIN_LANE, keys }]));
    const untouched = LANE_NAMES.filter((name) => !this.#keys.has(name)).reduce(
      (sum, name) => sum + (take.lanes[name]?.keys.length ?? 0),
      0,
    );
    const [first] = this.#keys.keys();
    const { lanes } = thinned(
      whole,
      (name) => off[name] ?? OFF,
      (name) => beside(name).length + 3 + (name === first ? untouched : 0),
    );
    const merged = Object.entries(lanes).map(([name, lane]) => {
      const edges = this.#edges(take, name as LaneName);
      const last = this.#keys.get(name as LaneName)!.at(-1)!; // where nothing moved one keyframe is left, the first
      const ends = edges.length > 0 && lane.keys.at(-1)!.at < last.at ? [last] : [];
      const keys = [...beside(name as LaneName), ...edges, ...lane.keys, ...ends];
      const { solo = false } = take.lanes[name as LaneName] ?? {};
      return [name, { keys: keys.toSorted((a, b) => a.at - b.at), muted: false, solo }];
    });
    return { ...take, lanes: { ...take.lanes, ...Object.fromEntries(merged) } };
  }

  /** What the lane is right before and right after, where that can be keyed. */
  #edges(take: Take, name: LaneName): Keyframe[] {
    if (LANES[name].way === 'moments') return [];
    const before = take.lanes[name]?.keys ?? [];
    const plain = LANES[name].way === 'added' ? 0 : PLAIN[name];
    return [this.#from - EDGE, this.#to + EDGE].flatMap((at) => {
      const value = valueAt(before, at) ?? plain;
      return value === undefined || at < 0 ? [] : [{ id: this.#newId(), at, value, curve: 'linear' as const }];
    });
  }
}

const PLAIN_LANE: Omit<Lane, 'keys'> = { muted: false, solo: false };
