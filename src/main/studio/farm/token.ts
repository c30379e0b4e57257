import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../shared/contract/index.ts';
import { makeFolder } from '../ground/make-folder.ts';
import { identityOf, isAlive } from '../ground/process-identity.ts';

/** Of a library: the token of its own farm, that of another one's which it joined, and where its own is. */
const ownPath = (root: string): string => join(root, 'farm', 'token');
const joinedPath = (root: string): string => join(root, 'farm', 'joined-token');
const headPath = (root: string): string => join(root, 'farm', 'farm.json');

const TOKEN = /^[0-9a-f]{64}$/;
/** `process`: an identity, since its number may be another's by now. */
const Head = z.object({ address: z.string(), process: z.string() });

/** The library's own, made at the first use; nobody else on the computer can read it. */
export function ownToken(root: string): string {
  const path = ownPath(root);
  return existsSync(path) ? path : keep(path, randomBytes(32).toString('hex'));
}

/** Another computer's, to join its farm. Raises StudioError('bad-request'). */
export function keepToken(root: string, token: string): string {
  if (!TOKEN.test(token))
    throw new StudioError({
      code: 'bad-request',
      message: 'This is no token of a farm.',
      hint: 'Give what "likeness farm start" showed on the first computer: 64 letters and digits.',
    });
  return keep(joinedPath(root), token);
}

function keep(path: string, token: string): string {
  makeFolder(dirname(path), 0o700);
  writeFileSync(path, token, { mode: 0o600 });
  return path;
}

/** `pid`: of the process with which the farm ends. */
export function keepHead(root: string, address: string, pid: number): void {
  writeFileSync(headPath(root), `${JSON.stringify({ address, process: identityOf(pid) ?? '' })}\n`);
}

/** The farm that was started on this computer and still runs. Raises StudioError('not-found'). */
export function runningHead(root: string): z.infer<typeof Head> {
  const head = existsSync(headPath(root)) ? Head.safeParse(parsed(readFileSync(headPath(root), 'utf8'))).data : null;
  if (head && isAlive(head.process)) return head;
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
