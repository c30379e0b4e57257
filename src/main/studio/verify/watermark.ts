/** Looking for a watermark in what a file shows. */
import { StudioError } from '../../../shared/contract/index.ts';
import type { WatermarkFound } from '../../../shared/contract/verify.ts';
import { lookAtStill, type MediaTools, probeVideo, readFrames, readStill } from '../media/index.ts';
import { find, type Found, MOST_SIDE, type Plane, whitened } from '../watermark/index.ts';

/** Measured on unmarked clips (docs/decisions/marking.md). */
const LEAST_WITH_MESSAGE = 6;
const LEAST_WITHOUT = 7;
/** Frames that are taken together, and how many such stretches there are at most. */
const STRETCH = 50;
const STRETCHES = 3;

/** Raises StudioError('cancelled'). */
export async function lookForWatermark(tools: MediaTools, path: string, signal?: AbortSignal): Promise<WatermarkFound> {
  try {
    return judged(await find(await planeOf(tools, path, signal)));
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'unread', why: error.message };
    if (error instanceof StudioError && error.code === 'bad-video') return { kind: 'unread', why: error.message };
    throw error;
  }
}

export function judged({ score, message }: Pick<Found, 'score' | 'message'>): WatermarkFound {
  if (message && score >= LEAST_WITH_MESSAGE) return { kind: 'found', score, avatar: message.avatar };
  return { kind: score >= LEAST_WITHOUT ? 'likely' : 'none', score };
}

/** What the file shows, whitened: of a film some stretches, each as the mean of its frames, laid over each other. */
export async function planeOf(tools: MediaTools, path: string, signal?: AbortSignal): Promise<Plane> {
  const still = await lookAtStill(tools, path);
  if (still) {
    const size = fitted(still);
    return whitened({ ...size, values: lumaOf(await readStill(tools, still, size, signal)) });
  }
  const video = await probeVideo(tools, path);
  const { frames } = video.source;
  const size = fitted(video.source);
  const count = size.width * size.height;
  const sum = new Float32Array(count);
  const stretches = Math.min(STRETCHES, Math.ceil(frames / STRETCH));
  for (let k = 0; k < stretches; k++) {
    const start = stretches === 1 ? 0 : Math.floor((k * Math.max(0, frames - STRETCH)) / (stretches - 1));
    const total = new Float32Array(count);
    let taken = 0;
    const spare: Uint8Array[] = [];
    const wish = { size, pixelFormat: 'yuv420p', start, stop: start + STRETCH, spare } as const;
    for await (const { pixels } of readFrames(tools, video, signal ? { ...wish, signal } : wish)) {
      for (let at = 0; at < count; at++) total[at] = total[at]! + pixels[at]!;
      taken += 1;
      spare.push(pixels);
    }
    if (taken === 0) continue; // a damaged film may end before what it promises
    const { values } = whitened({ ...size, values: total.map((value) => value / taken) });
    for (let at = 0; at < count; at++) sum[at] = sum[at]! + values[at]!;
  }
  return { ...size, values: sum };
}

/** Even sides of at most MOST_SIDE, of the same shape. */
export function fitted({ width, height }: { readonly width: number; readonly height: number }) {
  const scale = Math.min(1, MOST_SIDE / Math.max(width, height));
  const side = (length: number): number => Math.max(2, 2 * Math.round((length * scale) / 2));
  return { width: side(width), height: side(height) };
}

/** BT.709, of RGBA. */
function lumaOf(rgba: Uint8Array): Float32Array {
  return Float32Array.from(
    { length: rgba.length / 4 },
    (_, at) => 0.2126 * rgba[at * 4]! + 0.7152 * rgba[at * 4 + 1]! + 0.0722 * rgba[at * 4 + 2]!,
  );
}
