import { StudioError } from '../shared/contract/index.ts';

/** Raises StudioError('cancelled') once the signal came. */
export function unlessStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new StudioError({
    code: 'cancelled',
    message: 'The measurement was stopped.',
    hint: 'Start it again when you like.',
  });
}
