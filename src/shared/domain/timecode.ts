import { LATEST_SECONDS } from './lanes/lane.ts';

/** Rounding of moments that lie on a frame, seconds or frames. */
const NEARLY = 1e-6;

/** "00:00:07": hours, minutes and seconds, cut and not rounded. */
export function clockTime(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds) + NEARLY);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** The frame that is shown at a moment, from 0. */
export function frameAt(seconds: number, fps: number): number {
  return Math.floor(Math.max(0, seconds) * fps + NEARLY);
}

/**
 * "00:00:07:06": the frame that is shown at a moment, by the second in which it begins and its number in that second,
 * from 0. Seconds are those of the clock at any rate: of 29.97 frames a second most have 30, and some 29.
 */
export function timecode(seconds: number, fps: number): string {
  const frame = frameAt(seconds, fps);
  const whole = Math.floor(frame / fps + NEARLY);
  return `${clockTime(whole)}:${String(frame - firstFrame(whole, fps)).padStart(2, '0')}`;
}

/**
 * "1:07-1:20.5": from one time of a timeline to a later one, seconds, each as `parseTimecode` reads it. Undefined for
 * all else.
 */
export function parsePart(text: string, fps: number): { readonly from: number; readonly to: number } | undefined {
  const [from, to, ...more] = text.split('-').map((time) => parseAmount(time.trim().replace(',', '.'), fps));
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return from < to && to <= LATEST_SECONDS ? { from, to } : undefined;
}

/** The first one that begins in a second of the clock. */
const firstFrame = (second: number, fps: number): number => Math.ceil(second * fps - NEARLY);

/**
 * What a person typed, as seconds: "7", "7.24", "1:07,5", "1:02:03", frames as "120f" or "00:01:07:12", and "+" or "-"
 * before any of them for that much on from `now`. Undefined when it is none of these.
 */
export function parseTimecode(
  text: string,
  { now, fps }: { readonly now: number; readonly fps: number },
): number | undefined {
  const [, sign, rest] = /^([+-])?\s*(.*)$/.exec(text.trim().replace(',', '.')) ?? [];
  const seconds = rest === undefined ? undefined : parseAmount(rest, fps);
  if (seconds === undefined) return undefined;
  return sign === '+' ? now + seconds : sign === '-' ? Math.max(0, now - seconds) : seconds;
}

function parseAmount(text: string, fps: number): number | undefined {
  const frames = /^(\d+)\s*f$/i.exec(text)?.[1];
  if (frames !== undefined) return Number(frames) / fps;
  const [, shown, number] = /^(\d+:\d+:\d+):(\d+)$/.exec(text) ?? [];
  if (shown !== undefined) return (firstFrame(parseAmount(shown, fps)!, fps) + Number(number)) / fps;
  const [, hours, minutes, seconds] = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
}
