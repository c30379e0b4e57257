import { type Frame, type MediaTools, pictureBytes, type ProbedVideo, readFrames } from '../media/index.ts';

/** Decoders only run forwards: a stretch shown backwards is decoded in pieces that fit in this. */
const BACKWARD_BYTES = 32 * 2 ** 20;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The source's pictures in the order of `rows` (frame numbers that rise and fall, repeat or skip), each in a buffer of
 * its own (of `spare` while it lasts), as planes of BT.709. Memory stays bounded however long the video is. Raises what
 * `readFrames` raises.
 */
export async function* sourcePictures(
  tools: MediaTools,
  video: ProbedVideo,
  rows: Int32Array,
  size: PictureSize,
  spare: Uint8Array[],
  signal?: AbortSignal,
): AsyncGenerator<Frame, void, undefined> {
  for (const run of runsOf(rows)) {
    const request = { size, pixelFormat: 'yuv420p', spare, signal } as const;
    if (run.step > 0) {
      yield* forwards(
        readFrames(tools, video, { ...request, start: run.rows[0]!, stop: run.rows.at(-1)! + 1 }),
        run.rows,
      );
      continue;
    }
    const piece = Math.max(1, Math.floor(BACKWARD_BYTES / pictureBytes(size.width, size.height, 'yuv420p')));
    for (let from = 0; from < run.rows.length;) {
      const first = run.rows[from]!;
      let to = from;
      while (to < run.rows.length && run.rows[to]! > first - piece) to++;
      const backwards = run.rows.subarray(from, to);
      const frames = new Map<number, Frame>();
      for await (const frame of readFrames(tools, video, { ...request, start: backwards.at(-1)!, stop: first + 1 }))
        frames.set(frame.number, frame);
      for (const [index, row] of backwards.entries()) {
        const frame = frames.get(row);
        if (!frame) throw new RangeError(`Frame ${row} could not be decoded.`);
        // The last to want a frame gets its buffer, earlier ones a copy.
        const shared = backwards[index + 1] === row;
        if (!shared) frames.delete(row);
        yield shared ? { ...frame, pixels: frame.pixels.slice() } : frame;
      }
      from = to;
    }
  }
}

async function* forwards(frames: AsyncIterable<Frame>, rows: Int32Array): AsyncGenerator<Frame, void, undefined> {
  let next = 0;
  for await (const frame of frames) {
    while (rows[next] === frame.number) {
      next += 1;
      yield rows[next] === frame.number ? { ...frame, pixels: frame.pixels.slice() } : frame;
    }
  }
  if (next < rows.length) throw new RangeError(`Frame ${rows[next]} could not be decoded.`);
}

/** Splits rows into stretches that do not change direction. */
export function runsOf(rows: Int32Array): { readonly step: 1 | -1; readonly rows: Int32Array }[] {
  const runs: { step: 1 | -1; rows: Int32Array }[] = [];
  let begin = 0;
  let step: 1 | -1 | 0 = 0;
  for (let i = 1; i <= rows.length; i++) {
    const change = i < rows.length ? Math.sign(rows[i]! - rows[i - 1]!) : 0;
    const turns = change !== 0 && step !== 0 && change !== step;
    if (i === rows.length || turns) {
      runs.push({ step: step === -1 ? -1 : 1, rows: rows.subarray(begin, i) });
      begin = i;
      step = 0;
    } else if (step === 0) {
      step = change as 1 | -1 | 0;
    }
  }
  return runs;
}
