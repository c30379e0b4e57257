/**
 * What the engine computes at every pixel, in 128-bit steps: AssemblyScript, compiled by `npm run kernels` into
 * src/main/studio/engine/draw/kernels. Addresses are bytes in a memory that the caller lays out; nothing is allocated
 * here, and nothing checked.
 */
export { addShare, fromStraight, lay } from './lay';
export { blendOnto, blendRows, stretch } from './enlarge';
export { layChroma, layLuma, toPlanes } from './planar';
export { locate } from './locate';
export { blurColumns, blurRows, boxOf, lower, unite } from './mask';
export { gather, pull, push, spreadDistances, takeOff } from './matting';
export { mix } from './mix';
export { rasterize } from './rasterize';
export { sample } from './sample';
export { straighten } from './straighten';
export { tone } from './tone';
export { watermarkColours, watermarkLuma } from './watermark';
export { weigh } from './weigh';
