import { READING } from '../../../shared/format/index.ts';
import { badVideo } from './failure.ts';

const { least, most, usualGap, jumpGaps, declaredWithin } = READING.rates;

/** How fast pictures come. */
export interface Rate {
  /** Frames a second where nothing is left out. */
  readonly fps: number;
  /** Whether the time between frames changes. */
  readonly variable: boolean;
}

/**
 * The rate of frames shown at `times` (seconds, ascending; NaN where a file keeps none). A file's own figures,
 * `declared`, are averages or a guess at the header's clock: they count where the times agree with them. Raises
 * StudioError('bad-video') without a rate to work with.
 */
export function rateOf(times: Float64Array, declared: readonly number[]): Rate {
  const measured = usualRate(times);
  const wanted = measured ?? declared.find((fps) => fps > 0);
  // The median agrees where a single gap is off: in a short clip that moves the mean.
  const agreeing = [wanted, measured && 1 / median(gapsOf(times).filter((gap) => gap > 0))].flatMap((found) =>
    found === undefined ? [] : declared.filter((named) => Math.abs(named / found - 1) <= declaredWithin),
  );
  const fps = agreeing[0] ?? wanted;
  const single = times.length < 2; // whatever its header says
  if (single || fps === undefined || fps < least || fps > most) {
    const found = single || fps === undefined ? 'one picture only' : `${Number(fps.toPrecision(3))} pictures a second`;
    throw badVideo(`This video holds ${found}; it takes ${least} to ${most} a second.`);
  }
  return { fps, variable: measured !== undefined && isVariable(times) };
}

/**
 * From the gaps near the median: a freeze is not part of a rate, and on a millisecond clock the median itself is 33 or
 * 34 for 33.37. Undefined where there are no gaps.
 */
export function usualRate(times: Float64Array): number | undefined {
  const gaps = gapsOf(times).filter((gap) => gap > 0);
  const middle = median(gaps);
  const usual = gaps.filter((gap) => gap >= middle * usualGap[0]! && gap <= middle * usualGap[1]!);
  return usual.length > 0 ? usual.length / usual.reduce((sum, gap) => sum + gap, 0) : undefined;
}

/**
 * Millisecond clocks (mkv, webm) make 29.97 fps alternate 33 and 34 ms, and a recorder may drop a frame now and then:
 * one gap in a hundred that is off by a fifth is still a constant rate, unless the picture stands still in it.
 */
function isVariable(times: Float64Array): boolean {
  const gaps = gapsOf(times);
  const middle = median(gaps);
  const off = gaps.filter((gap) => Math.abs(gap - middle) > middle * 0.2).length;
  return off > Math.max(1, gaps.length / 100) || gaps.some((gap) => gap > middle * jumpGaps);
}

function gapsOf(times: Float64Array): number[] {
  return Array.from(times.subarray(1), (time, before) => time - times[before]!);
}

function median(gaps: readonly number[]): number {
  return gaps.toSorted((a, b) => a - b)[gaps.length >> 1]!;
}
