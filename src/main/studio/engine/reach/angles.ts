import type { HeadPose } from '../../../../shared/face/index.ts';

/** Degrees; to the right, up and clockwise as seen in the picture. 0 faces the camera, wherever the head is. */
export interface HeadAngles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}
/** A way to look, degrees as above. */
export type Direction = Pick<HeadAngles, 'yaw' | 'pitch'>;

type Matrix = readonly number[]; // [9] row-major
type Vector = readonly [number, number, number];

const DEGREES = 180 / Math.PI;

export function headAngles({ rotation, translation }: HeadPose): HeadAngles {
  const r = times(transposed(towardsCamera(translation)), [...rotation]);
  return {
    yaw: Math.atan2(r[2]!, r[8]!) * DEGREES,
    pitch: Math.asin(clamped(r[5]!)) * DEGREES,
    roll: -Math.atan2(r[3]!, r[4]!) * DEGREES,
  };
}

/** The rotation [9] of a head at `translation` that is held so: rolled first, turned last. */
export function headRotation({ yaw, pitch, roll }: HeadAngles, translation: Float32Array): Float32Array {
  return Float32Array.from(times(towardsCamera(translation), times(facing({ yaw, pitch }), aboutZ(-roll))));
}

/** Where eyes look that look `inHead` of a head: from the head to the camera is 0. */
export function lookedAt(inHead: Direction, pose: HeadPose): Direction {
  const relative = times(transposed(towardsCamera(pose.translation)), [...pose.rotation]);
  return directionOf(apply(relative, ahead(inHead)));
}

/** How eyes look in a head that look there. */
export function lookOf(direction: Direction, pose: HeadPose): Direction {
  const relative = times(transposed(towardsCamera(pose.translation)), [...pose.rotation]);
  return directionOf(apply(transposed(relative), ahead(direction)));
}

/** The rotation of a head that faces the camera. */
function towardsCamera(translation: Float32Array): Matrix {
  const [x, y, z] = translation as unknown as Vector;
  return facing(directionOf([-x, -y, -z]));
}

function facing({ yaw, pitch }: Direction): Matrix {
  const [sinYaw, cosYaw] = [Math.sin(yaw / DEGREES), Math.cos(yaw / DEGREES)];
  const [sinPitch, cosPitch] = [Math.sin(pitch / DEGREES), Math.cos(pitch / DEGREES)];
  const turned = [cosYaw, 0, sinYaw, 0, 1, 0, -sinYaw, 0, cosYaw];
  return times(turned, [1, 0, 0, 0, cosPitch, sinPitch, 0, -sinPitch, cosPitch]);
}

function aboutZ(degrees: number): Matrix {
  const [sin, cos] = [Math.sin(degrees / DEGREES), Math.cos(degrees / DEGREES)];
  return [cos, -sin, 0, sin, cos, 0, 0, 0, 1];
}

function ahead(direction: Direction): Vector {
  const r = facing(direction);
  return [r[2]!, r[5]!, r[8]!];
}

function directionOf([x, y, z]: Vector): Direction {
  return { yaw: Math.atan2(x, z) * DEGREES, pitch: Math.asin(clamped(y / (Math.hypot(x, y, z) || 1))) * DEGREES };
}

const clamped = (sine: number): number => Math.min(Math.max(sine, -1), 1);

function times(a: Matrix, b: Matrix): number[] {
  const product: number[] = [];
  for (let row = 0; row < 9; row += 3)
    for (let column = 0; column < 3; column++)
      product.push(a[row]! * b[column]! + a[row + 1]! * b[3 + column]! + a[row + 2]! * b[6 + column]!);
  return product;
}

function transposed(m: Matrix): Matrix {
  return [m[0]!, m[3]!, m[6]!, m[1]!, m[4]!, m[7]!, m[2]!, m[5]!, m[8]!];
}

function apply(m: Matrix, [x, y, z]: Vector): Vector {
  return [m[0]! * x + m[1]! * y + m[2]! * z, m[3]! * x + m[4]! * y + m[5]! * z, m[6]! * x + m[7]! * y + m[8]! * z];
}
