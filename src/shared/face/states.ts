/** What a frame's state byte says, in the track's order (docs/formats.md). */
export const FRAME_STATES = ['good', 'occluded', 'missing', 'other', 'blurred'] as const;
export type FrameState = (typeof FRAME_STATES)[number];
