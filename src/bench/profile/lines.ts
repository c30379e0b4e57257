import type { FrameProfile } from './result.ts';

/** Less of a frame goes into the rest. */
const LEAST_SHARE = 0.01;

/** Where frames' time goes, for people. */
export function profileLines(profiles: readonly FrameProfile[]): string[] {
  return profiles.flatMap(({ what, width, height, frames, frameMs, threads, decodeMs, encodeMs }) => [
    '',
    `${what}, ${width}x${height}: ${frameMs.toFixed(1)} ms from frame to frame (${frames} frames)`,
    ...(decodeMs === undefined ? [] : [row(decodeMs, 'a decoder by itself')]),
    ...(encodeMs === undefined ? [] : [row(encodeMs, 'an encoder by itself')]),
    ...threads.flatMap(({ thread, parts }) => {
      const told = parts.filter(({ ms }) => ms >= frameMs * LEAST_SHARE);
      const rest = parts.filter(({ ms }) => ms < frameMs * LEAST_SHARE).reduce((sum, { ms }) => sum + ms, 0);
      return [`  thread ${thread}`, ...told.map(({ where, ms }) => row(ms, where)), row(rest, 'the rest')];
    }),
  ]);
}

function row(ms: number, where: string): string {
  return `${ms.toFixed(2).padStart(9)}  ${where}`;
}
