import type { JobHandle } from '../studio/studio.ts';
import type { JobProgress } from '../../shared/contract/job.ts';
import { advance, further, type JobEvent } from '../../shared/domain/job.ts';
import { ProgressDisplay } from './progress.ts';
import type { Session } from './session.ts';
import { note } from './terminal.ts';

/**
 * Shows a job's progress and warnings until it ends; answers its result or raises the StudioError it ended with. Ctrl-C
 * cancels it.
 */
export async function followJob<Result>({ terminal, signal }: Session, handle: JobHandle<Result>): Promise<Result> {
  const display = new ProgressDisplay(terminal.log);
  const cancel = () => handle.cancel();
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    let progress: JobProgress | null = null;
    for await (const event of handle.events) {
      progress = progressAfter(progress, event);
      if (progress && tellsHowFar(event)) display.show({ ...progress, rate: rateOf(event) });
      const line = said(event);
      if (line !== undefined) {
        display.end();
        note(terminal, line);
      }
    }
    return await handle.result;
  } finally {
    signal.removeEventListener('abort', cancel);
    display.end();
  }
}

function progressAfter(progress: JobProgress | null, event: JobEvent): JobProgress | null {
  if (event.type === 'trainer') return advance(progress, event.event);
  return event.state.kind === 'running' && event.state.progress ? further(progress, event.state.progress) : progress;
}

function tellsHowFar(event: JobEvent): boolean {
  return event.type === 'trainer' ? event.event.type === 'progress' : event.state.kind === 'running';
}

function rateOf(event: JobEvent): number | null {
  return event.type === 'trainer' && event.event.type === 'progress' ? event.event.rate : null;
}

/** What a person is told of an event beside how far the job is. */
function said(event: JobEvent): string | undefined {
  if (event.type === 'state') return undefined;
  switch (event.event.type) {
    case 'warning':
      return `${event.event.message} ${event.event.hint}`;
    case 'artifact':
      return event.event.kind === 'instant'
        ? 'The instant avatar is there, and can be used while the training goes on.'
        : undefined;
    default: // the job's end says what went wrong
      return undefined;
  }
}
