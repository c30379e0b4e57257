import type { SourceInfo } from '../../../shared/contract/index.ts';
import { READING } from '../../../shared/format/index.ts';
import { brightest, fieldOrder } from './looks.ts';
import type { MediaTools } from './tools.ts';

/**
 * How a video's pictures are read. The trainer reads them in the same way, from the same words (`format/reading.json`;
 * docs/decisions/reading.md).
 */
export interface Reading {
  /** ffmpeg's filters that make whole pictures of fields; they look at `lead` frames before the wanted one. */
  readonly fields: readonly string[];
  readonly lead: number;
  /** ffmpeg's filters that make colours of BT.709, or name them. */
  readonly colours: readonly string[];
}

/** What ffprobe says of a video stream. */
export interface StreamColours {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly field_order?: string | undefined;
  readonly color_primaries?: string | undefined;
  readonly color_transfer?: string | undefined;
  readonly color_space?: string | undefined;
  readonly color_range?: string | undefined;
}
type Colours = NonNullable<SourceInfo['colours']>;

/** Raises StudioError('bad-video' | 'interrupted' | 'missing-tool'). */
export async function readingOf(
  tools: MediaTools,
  path: string,
  stream: StreamColours,
): Promise<{ reading: Reading; facts: Pick<SourceInfo, 'colours' | 'hdr' | 'interlaced'> }> {
  const { index, height: lines, field_order: declared } = stream;
  const colours = coloursOf(stream);
  const hdr = hdrOf(colours);
  const order = await fieldOrder(tools, path, { index, lines, declared });
  const bright = hdr !== undefined && (await brightest(tools, path, index)) >= hdr.bright;
  return {
    reading: {
      fields: order ? READING.fields.filters.map((filter) => filter.replaceAll('{order}', order)) : [],
      lead: order ? READING.fields.lead : 0,
      colours: colourFilters(stream, colours, bright),
    },
    facts: { colours, ...(hdr ? { hdr: hdr.name as 'HLG' | 'PQ' } : {}), interlaced: order !== null },
  };
}

function coloursOf(stream: StreamColours): Colours {
  return {
    primaries: stream.color_primaries ?? 'unknown',
    transfer: stream.color_transfer ?? 'unknown',
    matrix: stream.color_space ?? 'unknown',
    range: stream.color_range === 'pc' ? 'full' : stream.color_range === 'tv' ? 'limited' : 'unknown',
  };
}

function hdrOf({ transfer }: Colours): { readonly name: string; readonly bright: number } | undefined {
  return (READING.hdr as Readonly<Record<string, { readonly name: string; readonly bright: number }>>)[transfer];
}

function colourFilters({ width, height }: StreamColours, colours: Colours, bright: boolean): readonly string[] {
  const { primaries, transfer, matrix, range } = colours;
  const hdr = hdrOf(colours);
  const wide = READING.wide.includes(primaries);
  // ffmpeg's scaler refuses what it cannot take apart
  const scaled = READING.scaled.matrices.includes(matrix) && !READING.scaled.not.includes(transfer);
  if (!hdr && !wide && scaled) return untagged(colours, width, height);
  const from = READING.from
    .replace('{primaries}', READING.primaries.includes(primaries) ? primaries : hdr || wide ? 'bt2020' : 'bt709')
    .replace('{transfer}', hdr ? transfer : 'bt709')
    .replace('{matrix}', READING.matrices.includes(matrix) ? matrix : hdr ? 'bt2020nc' : 'bt709')
    .replace('{range}', range === 'full' ? 'full' : 'limited');
  return [from, ...(hdr ? READING.toneMap[bright ? 'bright' : 'dim'] : []), ...READING.to];
}

/** Of what does not say, players take larger pictures for BT.709 and the others for BT.601; so does ffmpeg's scaler. */
function untagged({ primaries, matrix }: Colours, width: number, height: number): readonly string[] {
  const large = width >= READING.untagged.width || height >= READING.untagged.lines;
  return matrix === 'unknown' && (primaries === 'bt709' || (primaries === 'unknown' && large))
    ? ['setparams=colorspace=bt709']
    : [];
}
