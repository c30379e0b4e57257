/** The avatar's file: what is in it, checked, and the networks that it brings along. */
export { type Bundle, HUBERT_MOTION_FILE, letGo, onlyFiles, openBundle, readManifest } from './bundle.ts';
export { type Control, controlOf, type Light, SWAY_VALUES } from './control.ts';
export { forbiddenIn } from './model-scan.ts';
export { HEARD_COLUMNS, type MotionTrack, motionTrack, SWAY_KNOTS } from './motion-track.ts';
export { checkCrops } from './limits.ts';
export { readIdle } from './read-idle.ts';
export { readRig } from './read-rig.ts';
export { badBundle } from './refusal.ts';
export { CONDITIONS, type HeadTurn, HULL_SIDE, type Rig } from './rig.ts';
export { openSession, openSessions, runtimeOptions, withoutProvider, withProviders } from './session.ts';
export { reading } from './tensors.ts';
