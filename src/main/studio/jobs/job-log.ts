import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainerEvent } from '../../../shared/contract/index.ts';

/** What a person is shown of a long log: its end. */
const TAIL_BYTES = 256 * 1024;
const EVENT_LINES = 200;
const OUTPUT_LINES = 400;

/**
 * The end of what a job wrote, from its folder: its events as one line each, and the trainer's own output. Empty for a
 * job that keeps none.
 */
export async function readJobLog(folder: string): Promise<{ events: string; output: string }> {
  const [events, output] = await Promise.all([
    tailOf(join(folder, 'events.ndjson')),
    tailOf(join(folder, 'trainer.log')),
  ]);
  const told = events.flatMap((line) => {
    const event = parseEvent(line);
    return event && event.type !== 'progress' ? [`${clock(event.time)}  ${inWords(event)}`] : [];
  });
  return { events: told.slice(-EVENT_LINES).join('\n'), output: output.slice(-OUTPUT_LINES).join('\n') };
}

/** Of the day, UTC; of a time that no calendar has, a line. */
function clock(seconds: number): string {
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime()) ? '--:--:--' : at.toISOString().slice(-13, -5);
}

function inWords(event: Exclude<TrainerEvent, { type: 'progress' }>): string {
  switch (event.type) {
    case 'stage':
      return `stage ${event.index + 1} of ${event.count}: ${event.name}`;
    case 'metric':
      return `step ${event.step}  ${event.split} ${event.name} ${event.value.toPrecision(4)}`;
    case 'proof':
      return `step ${event.step}  proof`;
    case 'checkpoint':
      return `step ${event.step}  checkpoint`;
    case 'artifact':
      return `wrote ${event.kind}, ${event.bytes} bytes`;
    case 'warning':
      return `warning: ${event.message} ${event.hint}`;
    case 'error':
      return `error: ${event.message} ${event.hint}${event.detail ? `\n${event.detail}` : ''}`;
    case 'done':
      return 'done';
  }
}

function parseEvent(line: string): TrainerEvent | undefined {
  try {
    return TrainerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a crash cut it short
  }
}

/** The last lines of a file, whole ones only; none where there is no file. */
async function tailOf(path: string): Promise<string[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .filter((line) => line.trim() !== '');
    return from > 0 ? lines.slice(1) : lines;
  } finally {
    await file.close();
  }
}
