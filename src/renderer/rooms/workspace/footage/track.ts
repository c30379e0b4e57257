import {
  parseTensorHeader,
  type Tensor,
  type TensorEntry,
  type TensorFile,
  TensorFileError,
  tensorOf,
  valuesStart,
} from '../../../../shared/binary/index.ts';
import { StudioError } from '../../../../shared/contract/errors.ts';
import { otherAnalysis } from '../../../../shared/domain/analysis.ts';
import { type Face, LANDMARKS, VERTICES } from '../../../../shared/face/index.ts';
import { OtherVersionError, readTable, requireFormat } from '../../../../shared/format/tensor-table.ts';
import { LandmarkRows } from './landmark-rows.ts';

export { FRAME_STATES } from '../../../../shared/face/index.ts';

/** The fit of a video: docs/formats.md, `analysis/track.safetensors`. Landmarks come when they are asked for. */
export interface FaceTrack extends Face {
  readonly frames: number;
  readonly time: Float64Array; // [T] seconds
  readonly state: Uint8Array; // [T]
  readonly aperture: Float32Array; // [T]
  readonly expression: Float32Array; // [T,64]
  readonly rotation: Float32Array; // [T,3,3]
  readonly translation: Float32Array; // [T,3] cm
  readonly focal: number; // source pixels
  readonly principal: readonly [number, number]; // source pixels
  readonly crop: Float32Array; // [T,3] source pixels
  readonly faceBox: Float32Array; // [T,4] source pixels
  readonly triangles: Int32Array; // [898,3]
  readonly mouthTriangles: Int32Array; // [18] rows of triangles
  readonly landmarks: LandmarkRows;
}

/** All but the landmarks, which are most of the file, and what only training needs. */
const WHOLE: readonly string[] = [
  'time',
  'state',
  'aperture',
  'neutral',
  'expression_basis',
  'expression',
  'rotation',
  'translation',
  'focal',
  'principal',
  'crop',
  'face_box',
  'triangles',
  'mouth_triangles',
];
/** Enough for the header of every track, so that it takes one request. */
const FIRST_BYTES = 64 << 10;
/** Tensors closer together than this are fetched in one piece. */
const JOIN_BYTES = 64 << 10;

/** Reads a track by ranges. Raises StudioError. */
export async function openTrack(url: string, signal?: AbortSignal): Promise<FaceTrack> {
  try {
    const first = await fetchRange(url, 0, FIRST_BYTES, signal);
    const start = valuesStart(first.bytes, first.total);
    const head = start <= first.bytes.length ? first.bytes : (await fetchRange(url, 0, start, signal)).bytes;
    const { metadata, entries, valuesAt } = parseTensorHeader(head, first.total);
    requireFormat('track', metadata);
    const rows = async (begin: number, end: number) => {
      const { bytes, total } = await fetchRange(url, valuesAt + begin, valuesAt + end, signal);
      if (total !== first.total || bytes.length !== end - begin)
        throw new TensorFileError('The file changed while it was read.');
      return bytes;
    };
    const tensors = new Map<string, Tensor>();
    await Promise.all(
      joined(entries.filter(({ name }) => WHOLE.includes(name))).map(async (run) => {
        const bytes = await rows(run[0]!.begin, run.at(-1)!.end);
        for (const entry of run)
          tensors.set(
            entry.name,
            tensorOf(entry, bytes.subarray(entry.begin - run[0]!.begin, entry.end - run[0]!.begin)),
          );
      }),
    );
    return shaped(
      { metadata, tensors },
      entries.find(({ name }) => name === 'landmarks'),
      rows,
    );
  } catch (error) {
    if (error instanceof StudioError || signal?.aborted) throw error;
    if (error instanceof OtherVersionError) throw otherAnalysis(error.newer, error);
    throw new StudioError(
      {
        code: 'internal',
        message: 'The face track of this video cannot be read.',
        hint: 'Check the video again, under Source.',
        detail: String(error),
      },
      { cause: error },
    );
  }
}

function shaped(
  file: TensorFile,
  landmarks: TensorEntry | undefined,
  rows: (begin: number, end: number) => Promise<Uint8Array>,
): FaceTrack {
  const track = readTable('track', file);
  const time = track.doubles('time');
  const triangles = track.indices('triangles', VERTICES);
  const principal = track.floats('principal');
  if (landmarks?.dtype !== 'F32' || landmarks.shape.join() !== [time.length, LANDMARKS, 3].join())
    throw new TensorFileError(`"landmarks" does not fit ${time.length} frames.`);
  return {
    frames: time.length,
    time,
    state: track.octets('state'),
    aperture: track.floats('aperture'),
    neutral: track.floats('neutral'),
    expressionBasis: track.floats('expression_basis'),
    expression: track.floats('expression'),
    rotation: track.floats('rotation'),
    translation: track.floats('translation'),
    focal: track.floats('focal')[0]!,
    principal: [principal[0]!, principal[1]!],
    crop: track.floats('crop'),
    faceBox: track.floats('face_box'),
    triangles,
    mouthTriangles: track.indices('mouth_triangles', triangles.length / 3),
    landmarks: new LandmarkRows(time.length, (begin, end) => rows(landmarks.begin + begin, landmarks.begin + end)),
  };
}

/** Neighbours in the file, each run to be fetched in one piece. */
function joined(entries: readonly TensorEntry[]): readonly (readonly TensorEntry[])[] {
  const runs: TensorEntry[][] = [];
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin)) {
    const last = runs.at(-1);
    if (last && entry.begin - last.at(-1)!.end <= JOIN_BYTES) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** Bytes `begin` to `end` (not included; cut at the file's end), and how many the file has. Raises StudioError. */
async function fetchRange(
  url: string,
  begin: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly total: number }> {
  // A new analysis writes the file anew under the same address.
  const answer = await fetch(url, {
    headers: { Range: `bytes=${begin}-${end - 1}` },
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  });
  if (answer.status === 404)
    throw new StudioError({
      code: 'not-found',
      message: 'This video has not been checked yet.',
      hint: 'Check it under Source.',
    });
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('Content-Range') ?? '')?.[1]);
  if (answer.status !== 206 || !Number.isSafeInteger(total))
    throw new StudioError({
      code: 'internal',
      message: 'The face track of this video could not be fetched.',
      hint: 'Reload the window.',
      detail: `${url} was answered with ${answer.status}`,
    });
  return { bytes: new Uint8Array(await answer.arrayBuffer()), total };
}
