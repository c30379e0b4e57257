import { type CalmFace, type SeenFace } from '../../../../shared/contract/index.ts';
import { type HeadPose } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type Direction, headAngles, type HeadAngles, lookedAt, lookOf } from './angles.ts';
import { eyeWidths, lookInHead, offsetsOf } from './eyes.ts';
import { SHOULDERS_BELOW, type Whereabouts } from './whereabouts.ts';
import { FACE_MEASURES, type FaceMeasure, Measure } from './measures.ts';

/** What somebody before a camera does at a moment, in terms that hold for any person. */
export interface LiveDoing {
  /** Degrees from how they held it in the calm moment. */
  readonly head: HeadAngles;
  /** Where they look, degrees; 0 at the camera. */
  readonly gaze: Direction;
  /** cm from the calm face. */
  readonly face: Readonly<Record<FaceMeasure, number>>;
  /** Where they are, from where they were in the calm moment. */
  readonly whereabouts: Whereabouts;
  /** Of the eyes: 1 as in the calm moment. */
  readonly openness: number;
}

/** Somebody before a camera, measured from a moment in which they looked at it with a calm face. */
export class LivePerson {
  readonly #calm: HeadAngles;
  readonly #place: readonly [number, number, number];
  readonly #focal: number;
  /** Between the shoulders, in the calm moment's picture. */
  readonly #shoulders: readonly [number, number];
  readonly #measures: ReadonlyMap<FaceMeasure, Measure>;
  readonly #widths: readonly [number, number];
  /** cm from straight ahead: where the irises are while they look at the camera in the calm moment. */
  readonly #rest: { readonly x: number; readonly y: number };

  constructor(calm: CalmFace) {
    const face: Pick<Rig, 'neutral' | 'expressionBasis'> = {
      neutral: unpacked(calm.neutral),
      expressionBasis: unpacked(calm.expressionBasis),
    };
    const pose = poseOf(calm);
    this.#calm = headAngles(pose);
    const [x, y, z] = calm.translation as [number, number, number];
    this.#place = [x, y, z];
    this.#focal = calm.focal;
    const [middleX, middleY] = calm.principal as [number, number];
    this.#shoulders = [middleX - (calm.focal * x) / z, middleY + (calm.focal * (y - SHOULDERS_BELOW)) / z];
    this.#measures = new Map(FACE_MEASURES.map((name) => [name, new Measure(face, name)]));
    this.#widths = eyeWidths(face.neutral);
    this.#rest = offsetsOf(lookOf({ yaw: 0, pitch: 0 }, pose));
  }

  does(seen: SeenFace): LiveDoing {
    const pose = poseOf(seen);
    const head = headAngles(pose);
    const cm = (name: FaceMeasure): number => {
      const measure = this.#measures.get(name)!;
      return measure.at(seen.expression) - measure.rest;
    };
    return {
      head: {
        yaw: head.yaw - this.#calm.yaw,
        pitch: head.pitch - this.#calm.pitch,
        roll: head.roll - this.#calm.roll,
      },
      gaze: lookedAt(lookInHead(seen.gaze, this.#widths, this.#rest), pose),
      face: Object.fromEntries(FACE_MEASURES.map((name) => [name, cm(name)])) as Record<FaceMeasure, number>,
      whereabouts: this.#whereabouts(seen),
      openness: seen.openness,
    };
  }

  #whereabouts({ translation, torso }: SeenFace): Whereabouts {
    const [x, y, z] = this.#place;
    const head = { x: translation[0]! - x, y: translation[1]! - y, z: translation[2]! - z };
    if (!torso) return { head, depth: -z };
    const [px, py] = this.#shoulders;
    const [a, b, right, c, d, down] = torso as [number, number, number, number, number, number];
    const cm = -z / this.#focal;
    const shoulders = {
      x: cm * (a * px + b * py + right - px),
      y: -cm * (c * px + d * py + down - py),
      roll: (Math.atan2(c, a) * 180) / Math.PI,
    };
    return { head, depth: -z, shoulders };
  }
}

function poseOf({ rotation, translation }: Pick<SeenFace, 'rotation' | 'translation'>): HeadPose {
  return { rotation: Float32Array.from(rotation), translation: Float32Array.from(translation) };
}

function unpacked(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, k) => bytes.readFloatLE(k * 4));
}
