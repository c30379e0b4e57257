/** What the take makes the avatar do, one value a frame of the timeline. */
export interface DrivenMotion {
  readonly fps: number;
  /** In the unit of the track's `aperture`. */
  readonly aperture: readonly number[];
  /** Hz; null where it is unvoiced. */
  readonly pitch: readonly (number | null)[];
}
