import { createInterface } from 'node:readline';
import { ffmpegArguments } from './arguments.ts';
import { endFailure } from './failure.ts';
import { startProgram } from './program.ts';
import { usualRate } from './rate.ts';
import type { MediaTools } from './tools.ts';

export interface FrameTimes {
  /** Of the shown frames in display order, seconds; the first is at 0. */
  readonly times: Float64Array;
  /** Where that first one is on the clock that ffmpeg gives the file, seconds. */
  readonly begins: number;
  /** Frames that an edit list cuts away. */
  readonly hidden: number;
  /** A packet is incomplete. */
  readonly damaged: boolean;
  /**
   * Which packets do not say when they are shown while others do: the first ones, as mkv's before its clock begins,
   * whose times are then those of an even rate; or any, and only decoding tells.
   */
  readonly untimed: 'none' | 'first' | 'any';
}

/** What of a packet's flags is said here, as libavcodec numbers them. */
const KEY = 1;
const CORRUPT = 2;
const DISCARD = 4;
/** "No time". */
const NONE = '-9223372036854775808';

/**
 * When a picture stream's frames are shown, as the ffmpeg that reads them has it: another build's ffprobe may give a
 * file another clock. Packets are copied, not decoded; ffmpeg leaves out those before the first key frame, which no
 * decoder can show either. With `sound` given, both streams are read: in MPEG-TS the clock begins with the first of
 * those that are. Raises
 * StudioError('bad-video' | 'interrupted' | 'missing-tool').
 */
export async function frameTimes(
  tools: MediaTools,
  path: string,
  picture: number,
  sound?: number,
): Promise<FrameTimes> {
  const maps = [picture, ...(sound === undefined ? [] : [sound])].flatMap((index) => ['-map', `0:${index}`]);
  const options = [...maps, '-c', 'copy', '-f', 'framecrc'];
  const ffmpeg = startProgram(tools.ffmpeg, ffmpegArguments({ inputs: [{ file: path }], options, target: null }), {
    stdout: true,
  });
  let unit = 0;
  const packets: Packet[] = [];
  for await (const line of createInterface({ input: ffmpeg.stdout! })) {
    const clock = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (clock) unit = Number(clock[1]) / Number(clock[2]);
    if (line.startsWith('0,')) packets.push(packetOf(line, unit));
  }
  const end = await ffmpeg.ended;
  const damaged = packets.some(({ flags }) => flags & CORRUPT) || /truncat|partial file/i.test(end.log);
  const failure = damaged ? null : endFailure('video', end);
  if (failure) throw failure;
  const shown = packets.filter(({ flags }) => !(flags & DISCARD));
  const hidden = packets.length - shown.length;
  // Frames that refer to what was before the first key frame come after it and are shown before it.
  const earliest = hidden === 0 ? (shown[0]?.time ?? 0) : Number.NEGATIVE_INFINITY;
  const onFile = inDisplayOrder(shown.flatMap(({ time }) => (time < earliest ? [] : [time])));
  const timed = shown.filter(({ presented }) => presented).length;
  if (timed === 0 || timed === shown.length) return { ...fromFirst(onFile), hidden, damaged, untimed: 'none' };
  const even = evenBeforeClock(shown);
  return { ...fromFirst(even ?? onFile), hidden, damaged, untimed: even ? 'first' : 'any' };
}

/** So many frames at most come later in a file than those that are shown after them (H.264's largest buffer). */
const MOST_REORDERED = 16;

/**
 * Where the packets without a time come first: as many even steps before the first time there is. An MPEG program
 * stream has a time at its first packet, and at few of the others.
 */
function evenBeforeClock(packets: readonly Packet[]): Float64Array | undefined {
  const timed = Float64Array.from(packets.flatMap(({ time, presented }) => (presented ? [time] : []))).sort();
  const early = packets.length - timed.length;
  const last = packets.findLastIndex(({ presented }) => !presented);
  const rate = usualRate(timed);
  const few = timed.length <= MOST_REORDERED; // which says nothing of what comes first
  if (packets[0]!.presented || few || rate === undefined || last >= early + MOST_REORDERED) return undefined;
  return Float64Array.from(packets, (_, k) => (k < early ? timed[0]! - (early - k) / rate : timed[k - early]!));
}

/** Times counted from the first one, and where that is. */
export function fromFirst(times: Float64Array): Pick<FrameTimes, 'times' | 'begins'> {
  const begins = Number.isFinite(times[0]) ? times[0]! : 0;
  return { times: times.map((time) => time - begins), begins };
}

interface Packet {
  /** Seconds; NaN where the container has none. */
  readonly time: number;
  /** It is a time of presentation, not of decoding. */
  readonly presented: boolean;
  readonly flags: number;
}

/** A line of ffmpeg's `framecrc`: stream, decoding and presentation time, length, bytes, checksum, flags if not KEY. */
function packetOf(line: string, unit: number): Packet {
  const [, dts = NONE, pts = NONE, , , , ...more] = line.split(',').map((word) => word.trim());
  const time = pts === NONE ? dts : pts; // AVI keeps no presentation times
  const flags = more.find((word) => word.startsWith('F='))?.slice(2);
  return {
    time: time === NONE ? Number.NaN : Number(time) * unit,
    presented: pts !== NONE,
    flags: flags === undefined ? KEY : Number(flags),
  };
}

function inDisplayOrder(times: number[]): Float64Array {
  const sorted = Float64Array.from(times);
  return sorted.some(Number.isNaN) ? sorted : sorted.sort();
}
