import { shareOf } from '../../../shared/domain/job.ts';
import type { JobProgress } from '../../../shared/contract/job.ts';
import type { SetupEvent } from '../../../../setup/index.mjs';

const STAGES = ['environment', 'packages', 'unpack', 'check'] as const;
type Stage = (typeof STAGES)[number];
/** Of each stage, as a share of the whole. */
const ENDS = [0.02, 0.75, 0.98, 1];

/**
 * How far a set-up is, from what it tells. Packages are the unit, because pip knows how many there are before it knows
 * how large they are; the share of the one that is coming counts too, so that a large one does not look like a
 * standstill.
 */
export function setUpProgress(): (event: SetupEvent) => JobProgress | undefined {
  let wanted = 0;
  const at = (stage: Stage, done: number, total: number, note?: string): JobProgress => {
    const stageIndex = STAGES.indexOf(stage);
    const progress = { stage, stageIndex, ends: ENDS, done, total, unit: 'packages', etaSeconds: null, note };
    return { ...progress, share: shareOf(progress) };
  };
  return (event) => {
    switch (event.kind) {
      case 'python':
        return at('environment', 0, 0, `Python ${event.version}`);
      case 'plan':
        return at(
          'packages',
          0,
          0,
          `up to ${gigabytes(event.download)} to download` +
            (event.cuda && !event.gpu ? ", most of it PyTorch's part for NVIDIA cards" : ''),
        );
      case 'unpacked':
        return at('unpack', event.done, event.total, `${event.done} of ${event.total} packages`);
      case 'check':
        return at('check', 0, 0);
      case 'pip':
        break;
    }
    const { event: pip } = event;
    switch (pip.kind) {
      case 'found':
        wanted = pip.count;
        return at('packages', 0, 0, `looking at ${pip.name}`);
      case 'download':
        return at('packages', pip.finished, Math.max(wanted, pip.finished + 1), `${pip.name}, ${pip.size}`);
      case 'bytes':
        return at(
          'packages',
          pip.finished + pip.done / pip.total,
          Math.max(wanted, pip.finished + 1),
          `${pip.name}, ${megabytes(pip.done)} of ${megabytes(pip.total)} MB`,
        );
      case 'here':
        return at('packages', 0, 0, `${pip.name}, from this computer`);
      case 'unpack':
        return at('unpack', 0, pip.names.length, `0 of ${pip.names.length} packages`);
    }
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
