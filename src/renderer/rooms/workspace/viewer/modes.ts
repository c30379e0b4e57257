/** What the viewer shows of a moment. */
export const MODES = ['source', 'avatar', 'split', 'difference'] as const;
export type Mode = (typeof MODES)[number];
export const MODE_NAMES: Readonly<Record<Mode, string>> = {
  source: 'Source',
  avatar: 'Avatar',
  split: 'Split',
  difference: 'Difference',
};

/**
 * What can be laid over the picture, as the menu lists it. `measured`: only where the source was measured, so not on
 * the avatar.
 */
export const LAYERS = {
  wire: { name: 'Mesh', measured: false },
  shaded: { name: 'Shaded mesh', measured: false },
  heat: { name: 'How well the mesh fits', measured: true },
  regions: { name: 'Regions', measured: false },
  landmarks: { name: 'Landmarks', measured: true },
  axes: { name: 'Head axes', measured: false },
  crop: { name: 'Crop box', measured: true },
} as const;
export type Layer = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as readonly Layer[];
