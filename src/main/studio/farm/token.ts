import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';

/** Of a library: the token that its farm's computers show each other, and where the farm is. */
export const tokenPath = (root: string): string => join(root, 'farm', 'token');
const headPath = (root: string): string => join(root, 'farm', 'farm.json');

const TOKEN = /^[0-9a-f]{64}$/;
const Head = z.object({ address: z.string(), pid: z.int() });
export type Head = z.infer<typeof Head>;

/** The library's own, made at the first use; nobody else on the computer can read it. */
export function ownToken(root: string): string {
  const path = tokenPath(root);
  if (!existsSync(path)) keepToken(root, randomBytes(32).toString('hex'));
  return path;
}

/** Another computer's, to join its farm. Raises StudioError('bad-request'). */
export function keepToken(root: string, token: string): string {
  const path = tokenPath(root);
  if (!TOKEN.test(token))
    throw new StudioError({
      code: 'bad-request',
      message: 'This is no token of a farm.',
      hint: 'Give what "likeness farm start" showed on the first computer: 64 letters and digits.',
    });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, token, { mode: 0o600 });
  return path;
}

export function keepHead(root: string, head: Head): void {
  writeFileSync(headPath(root), `${JSON.stringify(head)}\n`);
}

/** The farm that was started on this computer and still runs. Raises StudioError('not-found'). */
export function runningHead(root: string): Head {
  const head = existsSync(headPath(root)) ? Head.safeParse(parsed(readFileSync(headPath(root), 'utf8'))).data : null;
  if (head && lives(head.pid)) return head;
  throw new StudioError({
    code: 'not-found',
    message: 'No farm runs on this computer.',
    hint: 'Start one with "likeness farm start" in another terminal.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether a process of this computer is there. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
