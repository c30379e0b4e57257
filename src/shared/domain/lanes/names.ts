import { z } from 'zod';
import { MOST_STYLES, STRENGTH } from '../speech.ts';

/** A lane's unit; `share` is of this person's own range. */
export type LaneUnit = 'degrees' | 'cm' | 'times' | 'share' | 'a minute';

/**
 * What a lane does to the motion that is there without it: `absolute` takes its place, `added` is added to it,
 * `setting` takes the place of what the take says for its whole length, and each keyframe of `moments` is something
 * that happens once.
 */
export type LaneWay = 'absolute' | 'added' | 'setting' | 'moments';

export interface LaneSpec {
  readonly way: LaneWay;
  readonly unit: LaneUnit;
  /** Of any person; what a video contains is less (`LaneRange`). */
  readonly least: number;
  readonly most: number;
  /** Whether a dub heeds it: its pose is the video's. */
  readonly dub: boolean;
}

const POSE = { way: 'absolute', dub: false } as const;
const degrees = (most: number): LaneSpec => ({ ...POSE, unit: 'degrees', least: -most, most });
const cm = (most: number): LaneSpec => ({ ...POSE, unit: 'cm', least: -most, most });
const GAZE: LaneSpec = { way: 'absolute', unit: 'degrees', least: -60, most: 60, dub: true };
const FACE: LaneSpec = { way: 'added', unit: 'share', least: -1, most: 1, dub: true };
const STYLE: LaneSpec = { way: 'added', unit: 'share', least: 0, most: 1, dub: true };
const SHARE: LaneSpec = { way: 'setting', unit: 'share', least: 0, most: 1, dub: true };

/** Of the person's own styles, mixed: `style.1` is the most frequent one. */
type StyleLane = `style.${1 | 2 | 3 | 4 | 5 | 6}`;
const STYLES = Object.fromEntries(Array.from({ length: MOST_STYLES }, (_, k) => [`style.${k + 1}`, STYLE])) as Record<
  StyleLane,
  LaneSpec
>;

/**
 * What can be keyed over time. Left and right, up and down are those of the picture; angles are 0 where the head, or
 * the eyes, face the camera.
 */
export const LANES = {
  'head.yaw': degrees(90), // to the right
  'head.pitch': degrees(90), // up
  'head.roll': degrees(90), // clockwise
  'head.x': cm(100), // with all of the person, from where they usually are: to the right
  'head.y': cm(100), // up
  'head.size': { ...POSE, unit: 'times', least: 0.25, most: 4 }, // as large as usual
  'shoulders.x': cm(50), // from where they usually are beside the head: to the right
  'shoulders.y': cm(50), // up
  'shoulders.roll': degrees(45), // clockwise
  'face.jaw': FACE, // open
  'face.smile': FACE, // corners of the mouth out and up
  'face.brows': FACE, // up
  'face.frown': FACE, // brows together
  'face.squint': FACE, // lids nearer to each other
  'face.pucker': FACE, // lips narrow
  ...STYLES,
  'gaze.yaw': GAZE, // to the right
  'gaze.pitch': GAZE, // up
  'gaze.camera': { ...GAZE, unit: 'share', least: 0, most: 1 }, // how much of the way towards the camera
  'blink.once': { way: 'moments', unit: 'share', least: 0, most: 1, dub: true }, // begins there; how far the lids go
  'blink.rate': { way: 'setting', unit: 'a minute', least: 0, most: 60, dub: true }, // instead of those that the motion has
  'blink.amount': SHARE, // how far the lids go
  'speech.strength': { ...SHARE, unit: 'times', least: STRENGTH.least, most: STRENGTH.most },
  'speech.style': SHARE, // amount of the take's style
  'speech.temperature': SHARE, // of the take's temperature at its most
} as const satisfies Record<string, LaneSpec>;

export type LaneName = keyof typeof LANES;
export const LANE_NAMES = Object.keys(LANES) as LaneName[];
export const LaneName = z.enum(LANE_NAMES);

/**
 * What of a lane a person's own frames contain: where it begins and ends, and what it is without keyframes, as a
 * rule. A lane that is missing does not exist for them.
 */
export const LaneRange = z.object({ from: z.number(), to: z.number(), usual: z.number() });
export type LaneRange = z.infer<typeof LaneRange>;
export const LaneRanges = z.partialRecord(LaneName, LaneRange);
export type LaneRanges = z.infer<typeof LaneRanges>;
