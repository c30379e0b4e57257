import { kernelFloats } from '../../kernels/index.ts';
import type { Appearance, Basis, ChartLevel } from './appearance.ts';
import type { Moving } from './displacement.ts';
import type { Likeness } from './likeness.ts';
import { type PackedTextures, packTextures } from './packed.ts';
import { type Spans, spansOf, widen } from './spans.ts';

/** A chart's level, ready to be mixed. */
export interface PreparedLevel {
  readonly side: number;
  readonly mean: Float32Array; // [S,S,4]
  /** What of the chart may be other than 0. */
  readonly spans: Spans;
  readonly regions: readonly { readonly likeness: Likeness; readonly packed: PackedTextures }[];
}

/**
 * An appearance as it is drawn from. All that is large lies in the kernels' memory, so that threads which have that
 * memory share it; nothing of it is ever written.
 */
export interface PreparedAppearance extends Moving, Pick<Appearance, 'corners' | 'around' | 'ring' | 'torso' | 'room'> {
  readonly chart: PreparedLevel;
  readonly detail: PreparedLevel | null;
}

export function prepared(appearance: Appearance): PreparedAppearance {
  const { detail, displacement, loose, corners, around, ring, torso, room } = appearance;
  return {
    chart: preparedLevel(appearance),
    detail: detail && preparedLevel(detail),
    displacement: displacement && { ...displacement, fields: kept(displacement.fields) },
    loose: loose && kept(loose),
    corners: kept(corners),
    around,
    ring,
    torso,
    room,
  };
}

function preparedLevel({ mean, side, regions }: ChartLevel): PreparedLevel {
  const spans = spansOf(mean, side, side);
  for (const { left, top, height, spans: within } of regions)
    for (let row = 0; row < height; row++) {
      const past = within[row * 2 + 1]!;
      widen(spans, top + row, left + within[row * 2]!, past === 0 ? 0 : left + past);
    }
  return { side, mean: kept(mean), spans, regions: regions.map((basis) => preparedRegion(basis, side)) };
}

function preparedRegion(basis: Basis, side: number): PreparedLevel['regions'][number] {
  const { textures: _, ...likeness } = basis; // they are there once, packed
  return { likeness, packed: packTextures(basis, side) };
}

function kept(values: Float32Array): Float32Array {
  const out = kernelFloats(values.length);
  out.set(values);
  return out;
}
