import { useEffect, useState } from 'react';
import type { Checkpoint } from '../../../../shared/contract/manifest.ts';
import { aboutTime } from '../../../ground/about-time.ts';

/** "Preview: checkpoint at step 400 of 1,200, 3 min ago". */
export function CheckpointName({ checkpoint: { step, steps, savedAt } }: { readonly checkpoint: Checkpoint }) {
  const ago = useAgo(savedAt);
  return `Preview: checkpoint at step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')}, ${ago}`;
}

const LOOK_MS = 10_000;

/** "3 min ago", and stays true while it is looked at. */
export function useAgo(moment: string): string {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = (now - Date.parse(moment)) / 1000;
  return seconds < 20 ? 'just now' : `${aboutTime(seconds)} ago`;
}
