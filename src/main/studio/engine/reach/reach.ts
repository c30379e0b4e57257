import type { LaneName, LaneRange, LaneRanges } from '../../../../shared/domain/lanes/index.ts';
import type { Manifest } from '../../../../shared/contract/index.ts';
import { STRENGTH } from '../../../../shared/domain/take.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';
import { type BlinkHabits, blinkHabits, type StyleEntry } from '../manner/index.ts';
import { OwnFace } from './face.ts';
import { OwnGaze } from './gaze.ts';
import { OwnPose } from './head.ts';
import { ownRows } from './own-rows.ts';

/** What an avatar's person does by themselves, to be moved along: learnt from their own frames. */
export interface Reach {
  readonly pose: OwnPose;
  readonly gaze: OwnGaze;
  readonly face: OwnFace;
  /** How far an expression [64] has the eyes shut, 0..1 of how far this person's blinks do. */
  readonly shutOf: (expression: ArrayLike<number>) => number;
  /** What of each lane their frames contain; a lane that is not there does not exist for them. */
  readonly ranges: LaneRanges;
}

/** Whose reach it is. */
export interface Reaching {
  readonly rig: Rig;
  readonly idle: MotionTrack;
  readonly styles: readonly StyleEntry[];
  readonly varies: boolean;
  readonly manifest: Pick<Manifest, 'draws'> &
    Partial<Pick<Manifest, 'heldOutFrames'>> & {
      readonly source: { readonly width: number; readonly height: number };
    };
}

const reaches = new WeakMap<MotionTrack, Reach>();

/** Learnt once, as long as the avatar is in use. */
export function reachOf(avatar: Reaching): Reach {
  const known = reaches.get(avatar.idle);
  if (known) return known;
  const { rig, idle, manifest } = avatar;
  const rows = ownRows(rig, idle);
  const parts = {
    pose: new OwnPose(rig, rows, manifest.source),
    gaze: new OwnGaze(rig, rows),
    face: new OwnFace(rig, ownRows(rig, idle, { heldOut: manifest.heldOutFrames })),
  };
  const blinks = blinkHabits(idle, rig);
  const reach = { ...parts, shutOf: shutness(parts.face, blinks), ranges: rangesOf(avatar, parts, blinks) };
  reaches.set(idle, reach);
  return reach;
}

function shutness({ ways }: OwnFace, { closing }: BlinkHabits): Reach['shutOf'] {
  const { measure, usual } = ways.find(({ name }) => name === 'squint')!;
  const travel = measure.at(closing) - measure.rest;
  return (expression) => (travel > 0 ? Math.min(Math.max((measure.at(expression) - usual) / travel, 0), 1) : 0);
}

function rangesOf(
  { styles, varies, manifest }: Reaching,
  { pose, gaze, face }: Pick<Reach, 'pose' | 'gaze' | 'face'>,
  { closing, perSecond }: BlinkHabits,
): LaneRanges {
  const { angles, sees } = pose;
  /** Of a head that is held as usual: eyes turn in it. */
  const looking = (axis: 'yaw' | 'pitch'): LaneRange => {
    const [from, to] = [gaze[axis].from + angles[axis].usual, gaze[axis].to + angles[axis].usual];
    return { from, to, usual: Math.min(Math.max(gaze[axis].usual + angles[axis].usual, from), to) };
  };
  const blinks = closing.some((value) => value !== 0);
  const share = (usual: number): LaneRange => ({ from: 0, to: 1, usual });
  const around = (far: number): LaneRange => ({ from: -far, to: far, usual: 0 });
  const entries: (readonly [LaneName, LaneRange])[] = [
    ['head.yaw', angles.yaw],
    ['head.pitch', angles.pitch],
    ['head.roll', angles.roll],
    ['head.x', around(sees.x)],
    ['head.y', around(sees.y)],
    ['head.size', { from: 0.5, to: 2, usual: 1 }],
    ['shoulders.x', around(SHOULDERS.cm)],
    ['shoulders.y', around(SHOULDERS.cm)],
    ['shoulders.roll', around(SHOULDERS.degrees)],
    ...face.ways
      .filter(({ below, above }) => below + above > 0)
      .map(({ name, below, above }): [LaneName, LaneRange] => [
        `face.${name}`,
        { from: below > 0 ? -1 : 0, to: above > 0 ? 1 : 0, usual: 0 },
      ]),
    ...styles.map((_, k): [LaneName, LaneRange] => [`style.${k + 1}` as LaneName, share(0)]),
    ['gaze.yaw', looking('yaw')],
    ['gaze.pitch', looking('pitch')],
    ['gaze.camera', share(0)],
    ...(blinks
      ? ([
          ['blink.once', share(0)],
          ['blink.rate', { from: 0, to: 60, usual: 60 * perSecond }],
          ['blink.amount', share(1)],
        ] as [LaneName, LaneRange][])
      : []),
    ...(manifest.draws === 'closed' ? LIGHT : []), // networks know the light that they learnt
    ['speech.strength', { from: STRENGTH.least, to: STRENGTH.most, usual: STRENGTH.usual }],
    ...(styles.length > 0 ? ([['speech.style', share(0)]] as [LaneName, LaneRange][]) : []),
    ...(varies ? ([['speech.temperature', share(0)]] as [LaneName, LaneRange][]) : []),
  ];
  return Object.fromEntries(entries);
}

/** From where a photographer would put it first; between there and behind the person it only leaves them dark. */
const LIGHT: readonly (readonly [LaneName, LaneRange])[] = [
  ['light.yaw', { from: -80, to: 80, usual: 45 }],
  ['light.pitch', { from: -60, to: 80, usual: 25 }],
  ['light.intensity', { from: 0, to: 1, usual: 0 }],
  ['light.warmth', { from: -1, to: 1, usual: 0 }],
];

/** Clothes are drawn as they were filmed: further from there they come apart. */
const SHOULDERS = { cm: 5, degrees: 10 } as const;
