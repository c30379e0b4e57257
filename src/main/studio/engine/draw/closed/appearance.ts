import { TensorFileError } from '../../../../../shared/binary/index.ts';
import { CROP_SIDE, VERTICES } from '../../../../../shared/face/index.ts';
import { readTable, type TableReader, type TensorName } from '../../../../../shared/format/tensor-table.ts';
import { type Bundle, reading } from '../../bundle/index.ts';
import type { DisplacementBasis, Moving } from './displacement.ts';
import type { Likeness } from './likeness.ts';
import { type Spans, spansOf } from './spans.ts';

const REGIONS = ['mouth', 'eyes', 'rest'] as const;
const ZERO = 128; // of a texture's bytes
const MOST = {
  side: 1024,
  frames: 1024,
  textures: 128,
  traits: 128,
  triangles: 4096,
  points: 1024,
  grid: 128,
  fields: 64,
} as const;
const FARTHEST_CORNER = 4 * CROP_SIDE;

/** What a region of the chart may look like; its mixtures are the textures. */
export interface Basis extends Likeness {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly textures: Int8Array; // [K,height,width,4]
  readonly spans: Spans; // of all textures: outside the person they hold nothing
}

/** A chart of so many texels a side: its mean, and what is added to it. */
export interface ChartLevel {
  readonly side: number;
  readonly mean: Float32Array; // [S,S,4] colour times alpha, and alpha, 0..255
  readonly regions: readonly Basis[];
}

/** `appearance.safetensors`: a person's own frames on a chart, reduced (docs/formats.md). */
export interface Appearance extends ChartLevel, Moving {
  /** What the chart lacks when it is enlarged to this level's side; not in avatars of small or older sources. */
  readonly detail: ChartLevel | null;
  readonly corners: Float32Array; // [P,2] of mesh, ring, torso and room, 256ths of the chart
  readonly around: Int32Array; // [A,3] triangles behind the face
  readonly ring: Float32Array; // [R,3] head space, cm
  readonly torso: Float32Array; // [B,2] reference frame, source pixels
  readonly room: Float32Array; // [O,2] source pixels
}

/** Raises StudioError('bad-bundle'). */
export function readAppearance(bundle: Bundle): Appearance {
  return reading('appearance', bundle, (file) => {
    const rows = readTable('appearance', file);
    const mean = rows.floats('mean');
    const side = rows.size('S');
    atMost('the chart', side, MOST.side);
    const corners = rows.floats('corners');
    const [ring, torso, room] = [rows.floats('ring'), rows.floats('torso'), rows.floats('room')];
    if (rows.size('P') !== VERTICES + rows.size('R') + rows.size('B') + rows.size('O'))
      throw new TensorFileError('There are not as many corners as points.');
    atMost('points', rows.size('P'), MOST.points);
    if (corners.some((at) => Math.abs(at) > FARTHEST_CORNER))
      throw new TensorFileError('Corners lie outside the chart.');
    const around = rows.indices('around', rows.size('P'));
    atMost('triangles', rows.size('A'), MOST.triangles);
    const regions = REGIONS.map((name) => basisOf(rows, name, '', side));
    const detail = file.tensors.has('detail_mean') ? detailOf(rows) : null;
    const displacement = file.tensors.has('displacement_mean') ? displacementOf(rows, regions.at(-1)!) : null;
    const loose = file.tensors.has('loose') ? looseOf(rows) : null;
    return { side, mean, regions, detail, displacement, loose, corners, around, ring, torso, room };
  });
}

type Rows = TableReader<TensorName<'appearance'>>;
type Region = (typeof REGIONS)[number];

function detailOf(rows: Rows): ChartLevel {
  const levels = rows.octets('detail_mean');
  const step = rows.floats('detail_scale')[0]!;
  const side = rows.size('D');
  atMost('the detail', side, MOST.side);
  const mean = new Float32Array(levels.length);
  for (let i = 0; i < mean.length; i++) mean[i] = (levels[i]! - ZERO) * step;
  return { side, mean, regions: REGIONS.map((name) => basisOf(rows, name, '_detail', side)) };
}

/** With the traits and the bank of the rest. */
function displacementOf(rows: Rows, { frames, traitCount, traits, bank }: Basis): DisplacementBasis {
  const mean = rows.floats('displacement_mean');
  const fields = rows.floats('displacement_fields');
  const coefficients = rows.floats('displacement_coefficients');
  const length = rows.floats('displacement_length')[0]!;
  const [side, mixtureCount] = [gridOf(rows), rows.size('F')];
  atMost('fields', mixtureCount, MOST.fields);
  if (!(length > 0)) throw new TensorFileError('The kernel of the displacement has no length.');
  return { frames, traitCount, mixtureCount, traits, bank, length, coefficients, side, mean, fields };
}

function looseOf(rows: Rows): Float32Array {
  const loose = rows.floats('loose');
  gridOf(rows);
  if (loose.some((share) => !(share >= 0 && share <= 1)))
    throw new TensorFileError('More than all of the sway moves something, or less than nothing.');
  return loose;
}

/** Places along a grid of offsets. */
function gridOf(rows: Rows): number {
  const side = rows.size('G');
  atMost('places along the displacement', side, MOST.grid);
  if (side < 2) throw new TensorFileError('The displacement is no grid.');
  return side;
}

/** Textures of a chart of `side` texels, mixed by what the region's traits say. */
function basisOf(rows: Rows, name: Region, level: '' | '_detail', side: number): Basis {
  const initial = name[0]!;
  const traits = rows.doubles(`${name}_traits`);
  if (!traits.every(Number.isFinite)) throw new TensorFileError(`"${name}_traits" holds what is no number.`);
  const bank = rows.floats(`${name}_bank`);
  const length = rows.floats(`${name}_length`)[0]!;
  const coefficients = rows.floats(`${name}${level}_coefficients`);
  const textures = aroundZero(rows.octets(`${name}${level}_textures`));
  const [left, top] = rows.indices(`${name}${level}_corner`, side) as unknown as [number, number];
  const [width, height, mixtureCount] = ['w', 'h', 'k'].map((size) =>
    rows.size(`${size}${initial}${level === '' ? '' : '2'}`),
  ) as [number, number, number];
  const [frames, traitCount] = [rows.size('N'), rows.size(`d${initial}`)];
  atMost('frames', frames, MOST.frames);
  atMost('traits', traitCount, MOST.traits);
  atMost('textures', mixtureCount, MOST.textures);
  if (!(length > 0)) throw new TensorFileError(`The kernel of ${name} has no length.`);
  if (left + width > side || top + height > side)
    throw new TensorFileError(`The textures of ${name} do not lie in the chart.`);
  const spans = spansOf(textures, width, height);
  return {
    frames,
    traitCount,
    mixtureCount,
    traits,
    bank,
    length,
    coefficients,
    left,
    top,
    width,
    height,
    textures,
    spans,
  };
}

function atMost(what: string, count: number, most: number): void {
  if (count < 1 || count > most) throw new TensorFileError(`${count} is no number of ${what}; at most ${most}.`);
}

/** In place, four at a time: 128 less is the highest bit turned round. */
function aroundZero({ buffer, byteOffset, length }: Uint8Array): Int8Array {
  const texels = new Int32Array(buffer, byteOffset, length / 4);
  for (let i = 0; i < texels.length; i++) texels[i] = texels[i]! ^ 0x80808080;
  return new Int8Array(buffer, byteOffset, length);
}
