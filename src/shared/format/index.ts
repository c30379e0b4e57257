/** What is written down once for both languages, in `format/` (docs/formats.md): the trainer reads the same files. */
import bundle from '../../../format/bundle.json' with { type: 'json' };
import geometry from '../../../format/geometry.json' with { type: 'json' };
import media from '../../../format/media.json' with { type: 'json' };
import names from '../../../format/names.json' with { type: 'json' };
import reading from '../../../format/reading.json' with { type: 'json' };
import sound from '../../../format/sound.json' with { type: 'json' };

/** Sizes of face, crop and atlas, and lengths in centimetres of what the mesh gives the renderer. */
export const GEOMETRY = geometry;
/** Rates and windows of what turns sound into expression. */
export const SOUND = sound;
/** How a video's pictures are read: rates, fields, colours; filters are ffmpeg's (docs/decisions/reading.md). */
export const READING = reading;
/** Protocols and containers that a media file may be read by, as ffmpeg lists them: separated by commas. */
export const MEDIA_PROTOCOLS = media.protocols.join(',');
export const MEDIA_CONTAINERS = media.containers.join(' ').replaceAll(' ', ',');
interface RefusedFormats {
  readonly formats: readonly string[];
  /** Of those that look like an mp4. */
  readonly brands?: readonly string[];
  readonly hint: string;
}
const refused: Readonly<Record<string, RefusedFormats>> = media.refused;
/** What is refused: what it is, which formats or brands of files in boxes (ISO 14496-12) that is, and what to do. */
export const REFUSED_MEDIA = Object.entries(refused).map(([what, { formats, brands = [], hint }]) => ({
  what,
  formats: wordsOf(formats),
  brands: wordsOf(brands),
  hint,
}));

function wordsOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
/** What made an analysis: raised whenever tracking answers otherwise than before for the same video. */
export const TRACKER: number = names.tracker;

export type ErrorName = keyof typeof names.errors;
export type PresetName = keyof typeof names.presets;
export const ERRORS: Readonly<Record<ErrorName, { readonly exit: number; readonly meaning: string }>> = names.errors;
export const ERROR_NAMES = Object.keys(names.errors) as ErrorName[];
export const PRESET_NAMES = Object.keys(names.presets) as PresetName[];
export type FrameState = keyof typeof names.frameStates;
/** What a frame is good for, by the number that a track keeps of it. */
export const FRAME_STATES: readonly FrameState[] = (Object.keys(names.frameStates) as FrameState[]).toSorted(
  (a, b) => names.frameStates[a] - names.frameStates[b],
);

export const BUNDLE_VERSION: number = bundle.version;
interface BundleFile {
  readonly meaning: string;
  readonly optional?: boolean;
  /** An avatar of which one of these is true may lack it. */
  readonly unless?: readonly string[];
}
const files = Object.entries(bundle.files as Readonly<Record<string, BundleFile>>);

/**
 * Files that a bundle must have. What it is drawn by must be there, and the other form need not; a checkpoint is not
 * measured, and has no fast graph before that stage of its training.
 */
export function requiredFiles(draws: 'std' | 'closed', isCheckpoint: boolean): readonly string[] {
  const isSo = (word: string) => word === draws || (isCheckpoint && word === 'checkpoint');
  return files.filter(([, { optional, unless = [] }]) => !optional && !unless.some(isSo)).map(([name]) => name);
}

interface Port {
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
  readonly meaning: string;
  readonly optional?: boolean;
}
interface GraphPorts {
  readonly inputs: Readonly<Record<string, Port>>;
  readonly outputs: Readonly<Record<string, Port>>;
}
/** Inputs and outputs of a bundle's graphs, by file. */
export const GRAPHS: Readonly<Record<string, GraphPorts>> = bundle.graphs;
