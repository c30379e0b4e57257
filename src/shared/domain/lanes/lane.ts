import { z } from 'zod';
import { LANE_NAMES, LaneName, LANES } from './names.ts';

/** Keyframes of one lane, and of all lanes of a take: with handles, less than a megabyte as a document. */
export const MOST_KEYS = 2000;
export const MOST_KEYS_IN_ALL = 5000;
/** Further than any lane's values go: what a handle may reach. */
const FURTHEST = 1000;
/** Of a timeline: a day. */
export const LATEST_SECONDS = 86_400;

/** How a value goes on to the next keyframe's: not at all until there, straight, or without a corner. */
export const Curve = z.enum(['hold', 'linear', 'smooth']);
export type Curve = z.infer<typeof Curve>;

/** From a keyframe to a point that its curve leaves or comes in by, as in a cubic Bézier curve. */
export const Handle = z.object({
  /** Away from the keyframe; what passes the next one ends there. */
  seconds: z.number().min(0).max(LATEST_SECONDS),
  /** Above the keyframe's. */
  value: z.number().min(-FURTHEST).max(FURTHEST),
});
export type Handle = z.infer<typeof Handle>;

export const Keyframe = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
  /** On the timeline, seconds. */
  at: z.number().min(0).max(LATEST_SECONDS),
  /** In the lane's unit. */
  value: z.number().min(-FURTHEST).max(FURTHEST),
  /** From here to the next one. */
  curve: Curve.default('smooth'),
  /** Of smooth curves: before and after the keyframe. Without them they never leave what lies between keyframes. */
  before: Handle.optional(),
  after: Handle.optional(),
});
export type Keyframe = z.infer<typeof Keyframe>;

/** One thing that is keyed over time. */
export const Lane = z.object({
  /** Ascending; no two at the same time, nor with the same id. */
  keys: z.array(Keyframe).max(MOST_KEYS),
  /** As if it had no keyframes. */
  muted: z.boolean().default(false),
  /** While any lane is: all others as if they had none. */
  solo: z.boolean().default(false),
});
export type Lane = z.infer<typeof Lane>;

/**
 * Lanes of a take by their names; one that nobody has touched is not there. What handles say beyond their lane is cut
 * off: so no curve leaves it.
 */
export const Lanes = z
  .partialRecord(LaneName, Lane)
  .superRefine((lanes, context) => {
    let count = 0;
    for (const name of LANE_NAMES) {
      const keys = lanes[name]?.keys ?? [];
      count += keys.length;
      for (const { index, message } of faultsOf(name, keys))
        context.addIssue({ code: 'custom', path: [name, 'keys', index], message });
    }
    if (count > MOST_KEYS_IN_ALL)
      context.addIssue({ code: 'custom', message: `All lanes together have ${MOST_KEYS_IN_ALL} keyframes at most.` });
  })
  .overwrite((lanes) =>
    Object.fromEntries(
      lanesIn(lanes).map((name) => {
        const lane = lanes[name]!;
        return [name, { ...lane, keys: lane.keys.map((key) => withinLane(name, key)) }];
      }),
    ),
  );
export type Lanes = z.infer<typeof Lanes>;

/** A keyframe that leads its curves no further than the lane goes, by value and handles; the same where it does not. */
export function withinLane(name: LaneName, key: Keyframe): Keyframe {
  const { least, most } = LANES[name];
  const value = Math.min(Math.max(key.value, least), most);
  const within = (handle: Handle): Handle => ({
    seconds: Math.min(Math.max(handle.seconds, 0), LATEST_SECONDS),
    value: Math.min(Math.max(value + handle.value, least), most) - value,
  });
  if (value === key.value && !key.before && !key.after) return key;
  return {
    ...key,
    value,
    ...(key.before ? { before: within(key.before) } : {}),
    ...(key.after ? { after: within(key.after) } : {}),
  };
}

function* faultsOf(name: LaneName, keys: readonly Keyframe[]): Generator<{ index: number; message: string }> {
  const { least, most } = LANES[name];
  const ids = new Set<string>();
  for (const [index, { id, at, value }] of keys.entries()) {
    if (value < least || value > most) yield { index, message: `The value must lie between ${least} and ${most}.` };
    if (index > 0 && at <= keys[index - 1]!.at)
      yield { index, message: 'Keyframes must be in order, each at its own time.' };
    if (ids.has(id)) yield { index, message: 'Another keyframe has the same id.' };
    ids.add(id);
  }
}

/** Lanes that are heeded: none that is muted or without keyframes, and where one is solo, only those that are. */
export function heededLanes(lanes: Lanes): Lanes {
  const all = Object.entries(lanes) as [LaneName, Lane | undefined][];
  const solo = all.some(([, lane]) => lane?.solo);
  return Object.fromEntries(
    all.filter(([, lane]) => lane && lane.keys.length > 0 && !lane.muted && (!solo || lane.solo)),
  );
}

/** Their names. */
export function lanesIn(lanes: Lanes): LaneName[] {
  return LANE_NAMES.filter((name) => lanes[name]);
}

/** The heeded ones that a dub can follow: its pose is the video's. */
export function lanesOfDub(lanes: Lanes): Lanes {
  return Object.fromEntries(Object.entries(heededLanes(lanes)).filter(([name]) => LANES[name as LaneName].dub));
}
