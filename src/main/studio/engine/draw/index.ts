/** From a control to pixels: what the mesh shows, the renderer's networks, the picture around the head. */
export { covered, type CropLayer, type Picture, type Placement, type Rectangle } from './crop-layer.ts';
export { Drawing, type DrawnForm, type DrawnHead } from './drawing.ts';
export { Framing } from './framing.ts';
export { GRAPH_FILES, type GraphName } from './graph.ts';
export { openDrawings, quickest } from './opening.ts';
export { projectToCrop, RAY_SIDE } from './mesh.ts';
export {
  type Behind,
  type Frame,
  PLATE_FILE,
  type PortraitFormat,
  type PortraitPicture,
  portraitSize,
  type PortraitWish,
} from './portrait.ts';
export { CropRegion, PIXELS, Proxies } from './proxies.ts';
export { rasterize, rasterTarget } from './rasterizer.ts';
export { type SpeedFigures, timed } from './speed.ts';
