import { z } from 'zod';
import {
  type CalmFace,
  FollowEvent,
  type FollowMessage,
  type SeenFace,
  StudioError,
  TrainerEvent,
  type TrainerJob,
} from '../../../shared/contract/index.ts';
import { splitLines } from './lines.ts';
import { endTree, signalTree } from './process-tree.ts';
import { trainerFailure } from './trainer-failure.ts';
import { eventOf, exitOf, startTrainer, type TrainerCommand } from './trainer-process.ts';

/** Who is told what the trainer sees. */
export interface Watcher {
  /** It can look at pictures from now on. */
  readonly ready: () => void;
  /** What all that is seen from now on is measured from. */
  readonly calm: (calm: CalmFace) => void;
  /** What the face does in a picture; null before there was a calm moment, and where none is `found`. */
  readonly seen: (serial: number, face: SeenFace | null, found: boolean) => void;
  /** It sees no more, and that was not asked for. */
  readonly lost: (error: StudioError) => void;
}

/** A trainer that looks at pictures as they come. */
export interface Following {
  /** One that is not looked at before the next comes never is. */
  look(serial: number, planes: Uint8Array): void;
  /** A calm moment begins. */
  calm(): void;
  /** Settles when its process is gone. */
  close(): Promise<void>;
}

/** A trainer that was asked to end and does not. */
const KILL_AFTER_MS = 3000;
/** It looks at one picture after the other: the second core is the drawing's. */
const THREADS = 1;
const LAST_WORDS = 2000;
const EVENTS = z.union([FollowEvent, TrainerEvent]);

/** Starts a trainer that looks at pictures until it is closed; its process is no job. */
export function followCamera(
  command: TrainerCommand,
  job: Omit<Extract<TrainerJob, { command: 'follow' }>, 'threads'>,
  watcher: Watcher,
): Following {
  const child = startTrainer(command, THREADS);
  const { pid } = child;
  let over = false;
  let failure: StudioError | undefined;
  let lastWords = '';
  const lines = splitLines((line) => {
    const event = eventOf(EVENTS, line);
    if (over || !event) return;
    switch (event.type) {
      case 'stage':
        return watcher.ready();
      case 'calm':
        return watcher.calm(event);
      case 'face':
        return watcher.seen(event.serial, event.face, event.found);
      case 'error':
        failure = new StudioError(event);
    }
  });
  child.stdout.on('data', lines.write);
  child.stderr.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString('utf8')).slice(-LAST_WORDS)));
  child.stdin.write(`${JSON.stringify({ ...job, threads: THREADS })}\n`);
  const gone = exitOf(child).then(async (exit) => {
    if (pid !== undefined) await endTree(pid);
    if (!over) watcher.lost(failure ?? trainerFailure(exit, lastWords));
    over = true;
  });
  const tell = (message: FollowMessage): void => {
    if (!over) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    look: (serial, planes) => tell({ type: 'frame', serial, picture: Buffer.from(planes).toString('base64') }),
    calm: () => tell({ type: 'calm' }),
    async close() {
      if (!over) child.stdin.end('{"type":"cancel"}\n');
      over = true;
      const timer = setTimeout(() => pid !== undefined && signalTree(pid, 'SIGKILL'), KILL_AFTER_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
