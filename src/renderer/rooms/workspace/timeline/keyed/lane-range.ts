import { type LaneName, type LaneRange, type LaneRanges, LANES } from '../../../../../shared/domain/lanes/index.ts';

/** From where to where a lane goes with this person; with nobody known, as far as any goes. */
export function rangeOf(name: LaneName, ranges: LaneRanges | null): LaneRange {
  const { least, most, unit } = LANES[name];
  return ranges?.[name] ?? { from: least, to: most, usual: unit === 'times' ? 1 : 0 };
}
