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
  /** What more of it is. */
  readonly meaning: string;
}

type Kind = Omit<LaneSpec, 'meaning'>;
const spec = (kind: Kind, meaning: string): LaneSpec => ({ ...kind, meaning });
const either = (most: number): Pick<LaneSpec, 'least' | 'most'> => ({ least: -most, most });
const POSE = { way: 'absolute', dub: false } as const;
const ANGLE: Kind = { ...POSE, unit: 'degrees', ...either(90) };
const PLACE: Kind = { ...POSE, unit: 'cm', ...either(100) };
const GAZE: Kind = { way: 'absolute', unit: 'degrees', ...either(60), dub: true };
const FACE: Kind = { way: 'added', unit: 'share', ...either(1), dub: true };
const STYLE: Kind = { way: 'added', unit: 'share', least: 0, most: 1, dub: true };
const LIGHT = { way: 'absolute', dub: false } as const;
const LAMP: Kind = { ...LIGHT, unit: 'degrees', ...either(90) };
const SETTING: Kind = { way: 'setting', unit: 'share', least: 0, most: 1, dub: true };

type StyleLane = `style.${1 | 2 | 3 | 4 | 5 | 6}`;
const STYLES = Object.fromEntries(
  Array.from({ length: MOST_STYLES }, (_, k) => [
    `style.${k + 1}`,
    spec(STYLE, `of the person's own style ${k + 1}, mixed with the others`),
  ]),
) as Record<StyleLane, LaneSpec>;

/**
 * What can be keyed over time. Left and right, up and down are those of the picture; angles are 0 where the head, or
 * the eyes, face the camera.
 */
export const LANES = {
  'head.yaw': spec(ANGLE, 'to the right'),
  'head.pitch': spec(ANGLE, 'up'),
  'head.roll': spec(ANGLE, 'clockwise'),
  'head.x': spec(PLACE, 'all of the person to the right, from where their head usually is'),
  'head.y': spec(PLACE, 'up, likewise'),
  'head.size': spec({ ...POSE, unit: 'times', least: 0.25, most: 4 }, 'all of the person, as large as usual'),
  'shoulders.x': spec({ ...PLACE, ...either(50) }, 'to the right, from where they usually are'),
  'shoulders.y': spec({ ...PLACE, ...either(50) }, 'up, likewise'),
  'shoulders.roll': spec({ ...ANGLE, ...either(45) }, 'clockwise, likewise'),
  'face.jaw': spec(FACE, 'lips apart'),
  'face.smile': spec(FACE, 'corners of the mouth up and out'),
  'face.brows': spec(FACE, 'up'),
  'face.frown': spec(FACE, 'brows together'),
  'face.squint': spec(FACE, 'lids nearer to each other'),
  'face.pucker': spec(FACE, 'lips narrow and forward'),
  ...STYLES,
  'gaze.yaw': spec(GAZE, 'to the right'),
  'gaze.pitch': spec(GAZE, 'up'),
  'gaze.camera': spec({ ...GAZE, unit: 'share', least: 0, most: 1 }, 'of the way from there to the camera'),
  'blink.once': spec({ ...SETTING, way: 'moments' }, 'a blink that begins there: how far the lids go'),
  'blink.rate': spec({ ...SETTING, unit: 'a minute', most: 60 }, 'blinks, in place of those that the motion has'),
  'blink.amount': spec(SETTING, 'how far the lids go in blinks'),
  'light.yaw': spec(LAMP, 'to the right: where it stands as seen from the person'),
  'light.pitch': spec(LAMP, 'up, likewise'),
  'light.intensity': spec({ ...LIGHT, unit: 'share', least: 0, most: 1 }, 'light from there; 0 is as filmed'),
  'light.warmth': spec({ ...LIGHT, unit: 'share', ...either(1) }, 'red in all light on the person, less of it blue'),
  'speech.strength': spec({ ...SETTING, unit: 'times', least: STRENGTH.least, most: STRENGTH.most }, 'mouth strength'),
  'speech.style': spec(SETTING, "how far the face leans towards the take's style"),
  'speech.temperature': spec(SETTING, 'how far the mouth may be from the likeliest'),
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
