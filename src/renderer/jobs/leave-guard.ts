import { useEffect } from 'react';
import { active, useJobs } from './use-job.ts';

/** A tab that is closed while something runs asks first. Electron's window asks by itself, with better words. */
export function useLeaveGuard(sending: boolean): void {
  const busy = useJobs().some(active) || sending;
  useEffect(() => {
    if (!busy || window.likeness) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [busy]);
}
