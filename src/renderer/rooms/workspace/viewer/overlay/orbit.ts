/** From where the head is looked at: angles in radians, 0 is from the camera; distance as a share of the usual. */
export interface Orbit {
  readonly azimuth: number;
  readonly elevation: number;
  readonly distance: number;
}

/** A little from the side and above, so that the box is seen as one. */
export const INITIAL_ORBIT: Orbit = { azimuth: 0.6, elevation: 0.22, distance: 1 };
const STEEPEST = 1.5;

/** Turned by a drag of (dx, dy), as shares of the stage's height. */
export function turned({ azimuth, elevation, distance }: Orbit, dx: number, dy: number): Orbit {
  return {
    azimuth: azimuth - dx * Math.PI,
    elevation: Math.min(STEEPEST, Math.max(-STEEPEST, elevation + dy * Math.PI)),
    distance,
  };
}

export function approached(orbit: Orbit, factor: number): Orbit {
  return { ...orbit, distance: Math.min(4, Math.max(0.3, orbit.distance / factor)) };
}
