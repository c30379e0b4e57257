import type { JobHandle } from '../studio/studio.ts';
import type { JobProgress } from '../../shared/contract/job.ts';
import type { JobEvent } from '../../shared/domain/job.ts';
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
    for await (const event of handle.events) show(event, display, (line) => (display.end(), note(terminal, line)));
    return await handle.result;
  } finally {
    signal.removeEventListener('abort', cancel);
    display.end();
  }
}

function show(event: JobEvent, display: ProgressDisplay, say: (line: string) => void): void {
  if (event.type === 'state') {
    if (event.state.kind === 'running' && event.state.progress) display.show(shown(event.state.progress));
    return;
  }
  switch (event.event.type) {
    case 'progress':
      return display.show(event.event);
    case 'warning':
      return say(`${event.event.message} ${event.event.hint}`);
    case 'artifact':
      if (event.event.kind === 'instant')
        say('The instant avatar is there, and can be used while the training goes on.');
      return;
    case 'stage':
    case 'metric':
    case 'proof':
    case 'error': // the job's end says it
    case 'done':
      return;
  }
}

function shown({ stage, done, total, unit, etaSeconds }: JobProgress) {
  return { stage, done, total, unit, etaSeconds };
}
