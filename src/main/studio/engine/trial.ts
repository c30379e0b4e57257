/**
 * Whether an avatar from elsewhere can be used, found out in a process of its own: what hangs in there, or takes the
 * memory of the computer, is ended with it. Avatars are taken in by the command line only, which is a Node program.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import { badBundle } from './bundle/index.ts';

/** What the process is told, and what it answers. */
export interface Trial {
  readonly path: string;
  readonly mostBytes: number;
}
export type Verdict =
  | { readonly kind: 'usable' }
  | { readonly kind: 'refused'; readonly error: StudioErrorShape }
  | { readonly kind: 'too-large'; readonly bytes: number };

/** An avatar of 48 MB took 16 to 22 s beside much other work (load 8 to 15), 6 s of processor time. */
const MOST_MS = 120_000;
const MOST_BYTES = 2 * 2 ** 30;

/**
 * Opens an avatar with each of its graphs, draws with it and lets it speak. Raises StudioError('bad-bundle' |
 * 'not-found' | 'internal').
 */
export async function tryAvatar(
  path: string,
  { mostMs = MOST_MS, mostBytes = MOST_BYTES }: { readonly mostMs?: number; readonly mostBytes?: number } = {},
): Promise<void> {
  const child = fork(new URL(`./trial-process${extname(import.meta.url)}`, import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let verdict: Verdict | undefined;
  let isLate = false;
  child.on('message', (message) => {
    verdict = message as Verdict;
    child.kill('SIGKILL'); // a thread of it may be inside a network, which would be waited for
  });
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, mostMs);
  try {
    const ended = once(child, 'exit');
    child.send({ path, mostBytes } satisfies Trial, () => undefined); // one that is gone says so by its exit
    await ended;
  } finally {
    clearTimeout(timer);
  }
  judge(verdict, isLate);
}

function judge(verdict: Verdict | undefined, isLate: boolean): void {
  switch (verdict?.kind) {
    case 'usable':
      return;
    case 'refused':
      throw new StudioError(verdict.error);
    case 'too-large':
      throw badBundle(
        'This avatar takes more memory than any avatar does, and was stopped.',
        `${Math.round(verdict.bytes / 1e6)} MB`,
      );
    case undefined:
      throw isLate
        ? badBundle('This avatar takes longer to open than any avatar does, and was stopped.')
        : badBundle('This avatar cannot be opened: what opens it fell over.');
  }
}
