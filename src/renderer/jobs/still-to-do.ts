import type { JobView } from '../../shared/contract/job.ts';
import { aboutTime } from '../ground/about-time.ts';

/**
 * What a job that stopped has still to do once it is resumed: "31 % still to do: 780 steps of “Training: detail”, about
 * 3 min in all." `stage`: what the one that it came to is called.
 */
export function stillToDo({ kind, progress }: Pick<JobView, 'kind' | 'progress'>, stage: string): string {
  if (kind !== 'train') return 'It then begins again.'; // only a training goes on
  if (!progress) return 'It then goes on from its last checkpoint.';
  const { share, done, total, unit, etaSeconds } = progress;
  const steps = unit === 'steps' && total > done ? [`${(total - done).toLocaleString('en')} steps`] : [];
  const parts = [
    ...steps.map((some) => `${some} of “${stage}”`),
    ...(etaSeconds !== null && etaSeconds >= 1 ? [`about ${aboutTime(etaSeconds)} in all`] : []),
  ];
  const left = `${100 - Math.floor(100 * share)} % still to do`;
  return parts.length > 0 ? `${left}: ${parts.join(', ')}.` : `${left}.`;
}
