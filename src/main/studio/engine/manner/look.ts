import type { Control } from '../bundle/index.ts';

/** Where eyes look, degrees; 0 at the camera. */
export interface Look {
  readonly yaw: number;
  readonly pitch: number;
}

/** What tells where a person's eyes look, and lets them look elsewhere within their range, lids and all. */
export interface Looking {
  of(control: Control): Look;
  with(control: Control, look: Look): Control;
}

export function degreesBetween(a: Look, b: Look): number {
  return Math.hypot(a.yaw - b.yaw, a.pitch - b.pitch);
}
