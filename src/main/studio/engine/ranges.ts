import type { LaneRanges } from '../../../shared/domain/lanes/index.ts';
import { openBundle, readIdle, readRig } from './bundle/index.ts';
import { learnStyles } from './manner/index.ts';
import { reachOf } from './reach/index.ts';
import { VARIATION_FILE } from './speech/index.ts';

/**
 * What of each lane an avatar's frames contain, without its networks. Raises StudioError('not-found' | 'bad-bundle').
 */
export async function readRanges(path: string): Promise<LaneRanges> {
  const bundle = await openBundle(path);
  const [rig, idle] = [readRig(bundle), readIdle(bundle)];
  const varies = bundle.files.has(VARIATION_FILE);
  return reachOf({ rig, idle, varies, styles: learnStyles(rig, idle), manifest: bundle.manifest }).ranges;
}
