import { type CalmFace, type SeenFace } from '../../../../shared/contract/index.ts';
import { type HeadPose } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type Direction, headAngles, type HeadAngles, lookedAt, lookOf } from './angles.ts';
import { eyeWidths, lookInHead, offsetsOf } from './eyes.ts';
import { FACE_MEASURES, type FaceMeasure, Measure } from './measures.ts';

/** What somebody before a camera does at a moment, in terms that hold for any person. */
export interface LiveDoing {
  /** Degrees from how they held it in the calm moment. */
  readonly head: HeadAngles;
  /** Where they look, degrees; 0 at the camera. */
  readonly gaze: Direction;
  /** cm from the calm face. */
  readonly face: Readonly<Record<FaceMeasure, number>>;
  /** Of the eyes: 1 as in the calm moment. */
  readonly openness: number;
}

/** Somebody before a camera, measured from a moment in which they looked at it with a calm face. */
export class LivePerson {
  readonly #calm: HeadAngles;
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
      openness: seen.openness,
    };
  }
}

function poseOf({ rotation, translation }: Pick<SeenFace, 'rotation' | 'translation'>): HeadPose {
  return { rotation: Float32Array.from(rotation), translation: Float32Array.from(translation) };
}

function unpacked(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, k) => bytes.readFloatLE(k * 4));
}
