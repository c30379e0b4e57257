import type { ProbedVideo } from './probe.ts';

/** How the decoder comes to a frame: options before the input, and the filters that leave out what is earlier. */
export interface Way {
  readonly before: readonly string[];
  readonly select: readonly string[];
}

/** Decoding up to here costs less than finding a key frame before it. */
const SEEK_FROM_FRAME = 48;

/**
 * Ways to a frame, the fastest first; each gives that frame or none at all. Where a key frame does not bring all that
 * follows it (intra refresh, open groups), seeking may miss the frame, and counting does not.
 */
export function waysTo(video: Pick<ProbedVideo, 'times' | 'begins' | 'seekable'>, frame: number): readonly Way[] {
  const counting: Way = { before: [], select: frame > 0 ? [`select=gte(n\\,${frame})`] : [] };
  const { times, begins, seekable } = video;
  const [last, wanted, next] = [times[frame - 1]!, times[frame]!, times[frame + 1]];
  if (!seekable || frame < SEEK_FROM_FRAME || !(wanted > last)) return [counting];
  // Between the two: ffmpeg decodes from the key frame, drops what is earlier, and its clock begins here.
  const target = (last + wanted) / 2;
  if (next === undefined) return [{ before: at(begins + target), select: [] }, counting];
  const latest = (wanted + next) / 2 - target;
  const isIt = `select=st(0\\,if(eq(n\\,0)\\,lt(t\\,${latest.toFixed(6)})\\,ld(0)))`;
  return [{ before: at(begins + target), select: [isIt] }, counting];
}

function at(seconds: number): string[] {
  return ['-ss', seconds.toFixed(6)];
}
